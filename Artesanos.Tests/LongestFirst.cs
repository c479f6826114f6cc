using Artesanos.Tests;
using Artesanos.Tests.Proof.Exploration;
using Xunit.Sdk;
using Xunit.v3;

[assembly: Xunit.TestCollectionOrderer(typeof(LongestFirst))]

namespace Artesanos.Tests;

/// <summary>
/// What takes longest starts first, so that nothing long is left over when the other threads
/// have nothing more to do.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long =
        ["Replicas", nameof(MutationProofTests), nameof(ExplorationProofTests)];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(
        IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => Rank(collection.TestCollectionDisplayName))];

    private static int Rank(string collection)
    {
        var rank = Array.FindIndex(Long, name =>
            collection.Contains(name, StringComparison.Ordinal));
        return rank < 0 ? Long.Length : rank;
    }
}
