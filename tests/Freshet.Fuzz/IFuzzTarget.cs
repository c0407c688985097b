namespace Freshet.Fuzz;

/// <summary>A parser under fire. Any exception, a hang, or memory out of proportion to the input is a finding.</summary>
internal interface IFuzzTarget
{
    /// <summary>What <c>--target</c> calls it, and its folder in the corpus.</summary>
    string Name { get; }

    /// <summary>Well-formed inputs to begin from; the corpus is added to them.</summary>
    IEnumerable<byte[]> Seeds { get; }

    /// <summary>Words of the format that mutations put in.</summary>
    IReadOnlyList<byte[]> Words => [];

    /// <summary>Whether the input is bencoded, so that mutations may keep it so.</summary>
    bool IsBencoded => false;

    /// <summary>Bytes that one run may allocate, the checks of the target included.</summary>
    long AllocationLimit(int inputLength) => (1L << 20) + (256L * inputLength);

    /// <summary>Parses the input and checks what must hold; throws <see cref="FuzzException"/> where it does not.</summary>
    void Run(ReadOnlySpan<byte> input);
}
