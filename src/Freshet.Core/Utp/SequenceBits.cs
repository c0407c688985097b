namespace Freshet.Core.Utp;

/// <summary>
/// A bit for each number, 64 at a time: acknowledgements repeat thousands of bits of which few are new. Takes memory with the first bit.
/// </summary>
internal sealed class SequenceBits
{
    // Half of all numbers: no more are under way.
    private const int Words = 512;

    private ulong[]? _words;

    /// <summary>The bits of 64 numbers from one on, the lowest for that one.</summary>
    public ulong From(SequenceNumber first)
    {
        if (_words is null)
            return 0;
        int word = first.Value / 64 % Words;
        int shift = first.Value % 64;
        ulong low = _words[word] >> shift;
        return shift == 0 ? low : low | (_words[(word + 1) % Words] << (64 - shift));
    }

    public void Set(SequenceNumber number) => (_words ??= new ulong[Words])[number.Value / 64 % Words] |= 1UL << (number.Value % 64);

    public void Clear(SequenceNumber number)
    {
        if (_words is not null)
            _words[number.Value / 64 % Words] &= ~(1UL << (number.Value % 64));
    }
}
