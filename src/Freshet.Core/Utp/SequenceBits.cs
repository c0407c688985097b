namespace Freshet.Core.Utp;

/// <summary>
/// One bit per sequence number, processed 64 at a time: acknowledgements repeat thousands of bits of which few are new. Memory is allocated
/// with the first bit.
/// </summary>
internal sealed class SequenceBits
{
    // Half of all numbers: no more can be in flight.
    private const int Words = 512;

    private ulong[]? _words;

    /// <summary>The bits of 64 consecutive numbers, with the first in the lowest bit.</summary>
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
