using Freshet.Interop.Tests;

// A case mostly waits for another client's timers (Transmission unchokes every ten seconds), not for the processor, so more cases run at
// the same time than the machine has processors.
[assembly: CollectionBehavior(MaxParallelThreads = Parallelism.Cases)]

namespace Freshet.Interop.Tests;

/// <summary>Cases whose processes need the machine for themselves: a dozen at once, or with moments that a test must hit.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

internal static class Parallelism
{
    public const int Cases = 6;
}
