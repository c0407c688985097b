namespace Freshet.Fuzz;

/// <summary>A parser under fire. Any exception, a hang, or memory out of proportion to the input is a finding.</summary>
internal interface IFuzzTarget
{
    /// <summary>The name that <c>--target</c> takes, which is also the name of its folder in the corpus.</summary>
    string Name { get; }

    /// <summary>Well-formed inputs to begin from, to which the corpus is added.</summary>
    IEnumerable<byte[]> Seeds { get; }

    /// <summary>Words of the format that mutations insert.</summary>
    IReadOnlyList<byte[]> Words => [];

    /// <summary>Whether the input is bencoded, so that mutations may keep it so.</summary>
    bool IsBencoded => false;

    /// <summary>The number of bytes that one run may allocate, including the checks of the target.</summary>
    long AllocationLimit(int inputLength) => (1L << 20) + (256L * inputLength);

    /// <summary>Parses the input and checks what must hold; throws <see cref="FuzzException"/> if it does not.</summary>
    void Run(ReadOnlySpan<byte> input);
}
