using Xunit;

namespace Artesanos.Tests;

/// <summary>
/// Tests that take the shared system away from all others, or measure the whole of it: one after
/// the other, when nothing else runs.
/// </summary>
[CollectionDefinition("Alone", DisableParallelization = true)]
public sealed class Alone;
