using System.Text.Json;
using System.Text.Json.Serialization;

namespace Artesanos.Messaging.DeadLetters;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Dictionary<string, string>), TypeInfoPropertyName = "Headers")]
[JsonSerializable(typeof(DeadLetterPage))]
[JsonSerializable(typeof(DeadLetterDetails))]
internal sealed partial class DeadLetterJson : JsonSerializerContext;
