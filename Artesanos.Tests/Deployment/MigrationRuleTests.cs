using System.Reflection;
using Artesanos.Inventory.Data;
using Artesanos.Orders.Data;
using Artesanos.Payments.Data;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Xunit;

namespace Artesanos.Tests.Deployment;

/// <summary>
/// Expand, then contract: a migration only adds what the release before it can do without, so
/// that both run on the new schema while replicas are replaced (docs/operations.md). What takes
/// away is a migration of its own, one release later, named <c>Contract…</c>.
/// </summary>
public sealed class MigrationRuleTests
{
    public static TheoryData<string> Migrations => [.. All.Keys.Order(StringComparer.Ordinal)];

    private static Dictionary<string, Migration> All { get; } = new[]
    {
        typeof(OrdersDbContext), typeof(PaymentsDbContext), typeof(InventoryDbContext),
    }
        .SelectMany(context => context.Assembly.GetTypes())
        .Where(type => type.IsSubclassOf(typeof(Migration)))
        .ToDictionary(
            type => $"{type.Assembly.GetName().Name} "
                + type.GetCustomAttribute<MigrationAttribute>()!.Id,
            type => (Migration)Activator.CreateInstance(type)!);

    [Theory]
    [MemberData(nameof(Migrations))]
    public void A_migration_takes_nothing_from_the_release_before(string name)
    {
        if (!name.Contains("_Contract", StringComparison.Ordinal))
        {
            Assert.Empty(All[name].UpOperations.Where(Breaks).Select(Describe));
        }
    }

    [Fact]
    public void What_the_release_before_cannot_bear_is_noticed()
    {
        MigrationOperation[] breaking =
        [
            new DropColumnOperation(), new DropTableOperation(), new RenameColumnOperation(),
            new RenameTableOperation(), new AlterColumnOperation(),
            new AddColumnOperation { IsNullable = false },
        ];
        MigrationOperation[] harmless =
        [
            new AddColumnOperation { IsNullable = true },
            new AddColumnOperation { IsNullable = false, DefaultValue = 0 },
            new AddColumnOperation { IsNullable = false, ComputedColumnSql = "1" },
            new CreateTableOperation(), new CreateIndexOperation(), new DropIndexOperation(),
        ];

        Assert.All(breaking, operation => Assert.True(Breaks(operation), Describe(operation)));
        Assert.All(harmless, operation => Assert.False(Breaks(operation), Describe(operation)));
    }

    private static bool Breaks(MigrationOperation operation) => operation switch
    {
        DropColumnOperation or DropTableOperation or RenameColumnOperation
            or RenameTableOperation or AlterColumnOperation => true,
        AddColumnOperation added => added is
        {
            IsNullable: false, DefaultValue: null, DefaultValueSql: null, ComputedColumnSql: null,
        },
        _ => false,
    };

    private static string Describe(MigrationOperation operation) => operation.GetType().Name;
}
