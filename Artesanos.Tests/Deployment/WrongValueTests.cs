using System.Text.RegularExpressions;
using Artesanos.Gateway.Routing;
using Artesanos.Inventory.Data;
using Artesanos.Orders.Data;
using Artesanos.Payments.Data;
using Artesanos.ServiceDefaults;
using Artesanos.Tests.Gateway;
using Xunit;

namespace Artesanos.Tests.Deployment;

/// <summary>
/// A wrong or missing value stops the service at start, with the variable's name and the cure.
/// </summary>
[Trait("Category", "Settings")]
public sealed partial class WrongValueTests
{
    // With a mail server its other settings are wrong or right; without one they are not looked at.
    private static readonly (string Key, string Value)[] MailServer =
    [
        ("Notifications:Smtp:Host", "smtp.example"),
        ("Notifications:Smtp:From", "avisos@artesanos.example"),
        ("Notifications:Smtp:To", "{artisan}@artesanos.example"),
    ];

    public static TheoryData<string, string> Variables => [.. Variable.All
        .SelectMany(variable => variable.Services
            .Where(_ => WrongValues.Of(variable).Any())
            .Select(service => (service, variable.Name)))];

    [Theory(Explicit = true)]
    [MemberData(nameof(Variables))]
    public async Task Wrong_value_stops_the_service_with_its_variable_and_the_cure(
        string service, string name)
    {
        var variable = Variable.All.Single(variable => variable.Name == name);
        foreach (var value in WrongValues.Of(variable))
        {
            var others = MailServer.Where(setting => setting.Key != variable.Key);
            var said = await SaysAtStartAsync(service, [.. others, (variable.Key, value)]);

            Assert.Matches($@"\b{Regex.Escape(name)}\b", said);
            Assert.Matches(Cure(), said);
            Assert.DoesNotContain(WrongValues.Nonsense, said, StringComparison.Ordinal);
        }
    }

    [Theory(Explicit = true)]
    [InlineData("orders")]
    [InlineData("payments")]
    [InlineData("inventory")]
    [InlineData("gateway")]
    public async Task Without_an_issuer_production_does_not_start(string service) =>
        Assert.StartsWith("Auth__Authority is missing: set ",
            await SaysAtStartAsync(service, ("Environment", "Production")),
            StringComparison.Ordinal);

    [Fact(Explicit = true)]
    public async Task Wrong_values_of_several_sections_are_told_together()
    {
        var said = await SaysAtStartAsync("orders",
            ("Messaging:MaxBatch", "many"), ("Messaging:AckWait", "soon"),
            ("Saga:RetryDelay", "0"));

        Assert.Contains("Messaging__MaxBatch must be a whole number, such as 128.", said);
        Assert.Contains("Messaging__AckWait must be a duration, hh:mm:ss or d.hh:mm:ss, such as "
            + "00:00:10.", said);
        Assert.Contains("Saga__RetryDelay must be a duration of more than 00:00:00", said);
    }

    [Fact(Explicit = true)]
    public async Task A_list_needs_numbers_behind_its_name() => Assert.Equal(
        "Cors__Origins is a list: set Cors__Origins__0, Cors__Origins__1 and so on.",
        await SaysAtStartAsync("gateway", ("Cors:Origins", "https://shop.example")));

    private static Task<string> SaysAtStartAsync(
        string service, params (string Key, string Value)[] settings) => service switch
        {
            "orders" => SaysAtStartAsync(new OfflineHost<OrdersDbContext>(settings)),
            "payments" => SaysAtStartAsync(new OfflineHost<PaymentsDbContext>(settings)),
            "inventory" => SaysAtStartAsync(new OfflineHost<InventoryDbContext>(settings)),
            _ => SaysAtStartAsync(new OfflineHost<DestinationsKnown>(settings)),
        };

    private static async Task<string> SaysAtStartAsync<TAny>(OfflineHost<TAny> host)
        where TAny : class
    {
        await using (host)
        {
            var failure = Assert.ThrowsAny<Exception>(() => host.Services);
            var said = WrongSettings.Explain(failure);
            Assert.True(said is not null, $"Nobody explains: {failure}");
            return said;
        }
    }

    [GeneratedRegex("must be|\\bset \\w|remove|start ")]
    private static partial Regex Cure();
}
