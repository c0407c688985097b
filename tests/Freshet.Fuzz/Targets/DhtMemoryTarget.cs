using Freshet.Core.Dht;

namespace Freshet.Fuzz.Targets;

/// <summary>The file in the state folder that remembers the DHT. What is read is written back unchanged.</summary>
internal sealed class DhtMemoryTarget : IFuzzTarget
{
    public string Name => "dht-memory";

    public bool IsBencoded => true;

    public IReadOnlyList<byte[]> Words { get; } =
        ["2:id20:"u8.ToArray(), "3:id620:"u8.ToArray(), "5:nodes26:"u8.ToArray(), "6:nodes638:"u8.ToArray()];

    public IEnumerable<byte[]> Seeds =>
    [
        "de"u8.ToArray(),
        "d2:id20:aaaaaaaaaaaaaaaaaaaa5:nodes26:bbbbbbbbbbbbbbbbbbbb1234566:nodes60:e"u8.ToArray(),
        "d3:id620:aaaaaaaaaaaaaaaaaaaa5:nodes26:bbbbbbbbbbbbbbbbbbbb1234566:nodes638:cccccccccccccccccccc123456789012345678e"u8.ToArray(),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!DhtMemory.TryRead(input.ToArray(), out DhtMemory memory))
            return;
        FuzzException.Require(memory.Nodes.Length <= 2 * DhtLimits.MaxDhtSavedNodes, "nodes are limited");
        FuzzException.Require(DhtMemory.TryRead(memory.ToArray(), out DhtMemory again), "what is written must be readable");
        FuzzException.Require(memory.Id == again.Id && memory.Id6 == again.Id6, "ids stay");
        FuzzException.Require(memory.Nodes.SequenceEqual(again.Nodes), "nodes stay");
    }
}
