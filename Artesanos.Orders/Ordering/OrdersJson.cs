using System.Text.Json;
using System.Text.Json.Serialization;
using Artesanos.Orders.Operations;
using Artesanos.Orders.Saga;
using Microsoft.AspNetCore.Mvc;

namespace Artesanos.Orders.Ordering;

/// <summary>Every JSON shape of this service, generated at build.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PlaceOrderRequest))]
[JsonSerializable(typeof(PlacedOrder))]
[JsonSerializable(typeof(OrderView))]
[JsonSerializable(typeof(OrderPage))]
[JsonSerializable(typeof(HistoryView))]
[JsonSerializable(typeof(IReadOnlyList<HistoryView>))]
[JsonSerializable(typeof(IReadOnlyList<OrderedLine>))]
[JsonSerializable(typeof(StuckPage))]
[JsonSerializable(typeof(IReadOnlyList<SagaLogEntry>))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(HttpValidationProblemDetails))]
internal sealed partial class OrdersJson : JsonSerializerContext;
