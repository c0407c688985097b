using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(Freshet.Daemon.Tests.Contracts.EveryRefusal.Last))]

namespace Freshet.Daemon.Tests.Contracts;

/// <summary>
/// When all other tests have run, each refusal that is described has happened to each operation. Those that do not depend on the operation
/// need only have happened to one. Where tests are chosen, nothing is demanded.
/// </summary>
[Collection(nameof(EveryRefusal))]
[CollectionDefinition(nameof(EveryRefusal), DisableParallelization = true)]
public sealed class EveryRefusal
{
    // Decided by what all operations share. EveryOperationTests has what is cheap to provoke at each of them.
    private static readonly string[] General = ["too-many-attempts", "too-many-requests", "storage", "stopping"];

    // Only what is not HTTP is refused so, and no client sends that: RefusalTests writes it to a socket.
    private const string OfSocketsAlone = "invalid-request";

    private static bool AllRan => Environment.GetEnvironmentVariable("CI") == "true"
        && !Environment.GetCommandLineArgs().Any(argument => argument.StartsWith("--filter", StringComparison.Ordinal));

    [Fact]
    public void Every_refusal_that_is_described_has_happened()
    {
        if (!AllRan)
            return;
        string[] missing =
        [
            .. General.Where(code => !ApiDescription.HasSeen(code)),
            .. ApiDescription.Unseen.Where(refusal => refusal.Code != OfSocketsAlone && !General.Contains(refusal.Code))
                .Select(refusal => $"{refusal.Operation}: {refusal.Code}"),
        ];
        Assert.True(missing.Length == 0, string.Join('\n', missing));
    }

    /// <summary>Collections that share the process with no other run after those that do, and this one is the last of them.</summary>
    internal sealed class Last : ITestCollectionOrderer
    {
        public IReadOnlyCollection<TCollection> OrderTestCollections<TCollection>(IReadOnlyCollection<TCollection> testCollections)
            where TCollection : ITestCollection =>
            [.. testCollections.OrderBy(collection => collection.TestCollectionDisplayName == nameof(EveryRefusal))];
    }
}
