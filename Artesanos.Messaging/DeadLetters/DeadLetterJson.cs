using System.Text.Json.Serialization;

namespace Artesanos.Messaging.DeadLetters;

[JsonSerializable(typeof(Dictionary<string, string>), TypeInfoPropertyName = "Headers")]
internal sealed partial class DeadLetterJson : JsonSerializerContext;
