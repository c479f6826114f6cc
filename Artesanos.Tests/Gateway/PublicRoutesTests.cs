using Artesanos.Gateway.Routing;
using Xunit;

namespace Artesanos.Tests.Gateway;

public class PublicRoutesTests
{
    [Fact]
    public void Only_reading_products_and_the_webhook_are_anonymous()
    {
        var anonymous = PublicRoutes.All
            .Where(route => route.AuthorizationPolicy == "Anonymous")
            .Select(route => route.RouteId);

        Assert.Equal(["GET /products/{**rest}", "POST /payments/webhook"], anonymous);
    }

    [Fact]
    public void Every_route_states_who_may_use_it() =>
        Assert.All(PublicRoutes.All, route => Assert.NotNull(route.AuthorizationPolicy));

    [Fact]
    public void Operations_of_every_service_need_the_operator_role()
    {
        var operations = PublicRoutes.All.Where(route => route.Match.Path!.Contains("/operations"));

        Assert.Equal(PublicRoutes.Services, operations.Select(route => route.ClusterId));
        Assert.All(operations, route => Assert.Equal("operator", route.AuthorizationPolicy));
    }

    [Fact]
    public void Metrics_of_every_service_stay_inside() =>
        Assert.Equal(
            PublicRoutes.Services.Select(service => $"/{service}/metrics/{{**rest}}"),
            PublicRoutes.NeverProxied);
}
