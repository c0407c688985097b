using Freshet.Interop.Tests;

// A case mostly waits for another client's timers (Transmission unchokes every ten seconds), not for the processor: more of them run
// together than the machine has processors.
[assembly: CollectionBehavior(MaxParallelThreads = Parallelism.Cases)]

namespace Freshet.Interop.Tests;

internal static class Parallelism
{
    public const int Cases = 6;
}
