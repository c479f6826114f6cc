namespace Artesanos.Tests.Deployment;

/// <summary>Two probes and a drain that is longer, as in production, a tenth as long.</summary>
internal static class QuickDrain
{
    public static readonly Dictionary<string, string> Settings = new()
    {
        ["Drain__Delay"] = "00:00:01.500",
        ["Probes__Interval"] = "00:00:00.200",
    };
}
