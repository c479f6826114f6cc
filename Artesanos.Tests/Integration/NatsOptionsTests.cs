using System.ComponentModel.DataAnnotations;
using Artesanos.Messaging.Nats;
using NATS.NKeys;
using Xunit;

namespace Artesanos.Tests.Integration;

public sealed class NatsOptionsTests
{
    [Fact]
    public void A_single_server_needs_none_of_them() => Assert.Empty(Failures(new NatsOptions()));

    [Fact]
    public void A_users_seed_and_a_certificate_that_is_there_are_valid()
    {
        using var user = KeyPair.CreatePair(PrefixByte.User);
        Assert.Empty(Failures(new NatsOptions
        {
            NKeySeed = user.GetSeed(),
            CaFile = Repository.PathOf("README.md"),
            InboxPrefix = "_INBOX_orders",
        }));
    }

    [Fact]
    public void Each_wrong_value_is_named_and_no_failure_tells_the_seed()
    {
        using var account = KeyPair.CreatePair(PrefixByte.Account);
        using var user = KeyPair.CreatePair(PrefixByte.User);
        var damaged = user.GetSeed()[..^2] + (user.GetSeed()[^2] == 'A' ? "BB" : "AA");
        (NatsOptions Wrong, string Key)[] cases =
        [
            (new() { NKeySeed = account.GetSeed() }, "Nats__NKeySeed"),
            (new() { NKeySeed = "SUANOTASEED" }, "Nats__NKeySeed"),
            (new() { NKeySeed = damaged }, "Nats__NKeySeed"),
            (new() { NKeySeed = "¡olé!" }, "Nats__NKeySeed"),
            (new() { CaFile = "/nowhere/ca.pem" }, "Nats__CaFile"),
            (new() { InboxPrefix = "_INBOX.>" }, "Nats__InboxPrefix"),
            (new() { InboxPrefix = "an inbox" }, "Nats__InboxPrefix"),
        ];

        Assert.All(cases, wrong =>
        {
            var failure = Assert.Single(Failures(wrong.Wrong));
            Assert.StartsWith($"{wrong.Key} must be", failure, StringComparison.Ordinal);
            if (wrong.Wrong.NKeySeed is { } seed)
            {
                Assert.DoesNotContain(seed, failure, StringComparison.Ordinal);
            }
        });
    }

    private static string[] Failures(NatsOptions options)
    {
        var failures = new List<ValidationResult>();
        Validator.TryValidateObject(
            options, new ValidationContext(options), failures, validateAllProperties: true);
        return [.. failures.Select(failure => failure.ErrorMessage!)];
    }
}
