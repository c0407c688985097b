using System.Globalization;
using System.Text;

namespace Freshet.Fuzz;

/// <summary>
/// Makes bad input from good: flips bits, cuts, splices, repeats, replaces numbers by extreme ones, inserts words of the format.
/// The result depends only on the seed.
/// </summary>
internal sealed class Mutator(Random random, IReadOnlyList<byte[]> pool, IFuzzTarget target)
{
    /// <summary>No mutated input is longer than this; repetition makes long ones.</summary>
    public const int MaxLength = 64 * 1024;

    private static readonly byte[][] Numbers = [.. new[]
    {
        "0", "-0", "00", "1", "-1", "01", "127", "128", "255", "256", "16384", "65535", "65536", "2147483647", "2147483648", "4294967295",
        "4294967296", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551616",
        "99999999999999999999999",
    }.Select(Encoding.ASCII.GetBytes)];

    private readonly List<byte> _bytes = [];
    private readonly BencodeMutator? _bencode = target.IsBencoded ? new BencodeMutator(random, pool) : null;
    private readonly IReadOnlyList<byte[]> _words = target.Words;

    /// <summary>Returns a new input, made by a few mutations of one in the pool.</summary>
    public byte[] Next()
    {
        byte[] input = Any(pool);
        if (_bencode is not null && random.Next(4) > 0)
        {
            for (int steps = 1 << random.Next(5); steps > 0 && input.Length < MaxLength; steps--)
                input = _bencode.Mutate(input);
        }

        _bytes.Clear();
        _bytes.AddRange(input);
        for (int steps = _bencode is null ? 1 << random.Next(5) : random.Next(3) * random.Next(4); steps > 0; steps--)
            Mutate();
        if (_bytes.Count > MaxLength)
            _bytes.RemoveRange(MaxLength, _bytes.Count - MaxLength);
        return [.. _bytes];
    }

    private void Mutate()
    {
        switch (random.Next(11))
        {
            case 0 when _bytes.Count > 0:
                _bytes[random.Next(_bytes.Count)] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when _bytes.Count > 0:
                _bytes[random.Next(_bytes.Count)] = (byte)random.Next(256);
                break;
            case 2:
                byte[] noise = new byte[random.Next(1, 9)];
                random.NextBytes(noise);
                Insert(noise);
                break;
            case 3:
                _bytes.RemoveRange(Part(16, out int removed), removed);
                break;
            case 4:
                int start = Part(1024, out int kept);
                Insert([.. _bytes.GetRange(start, kept)]);
                break;
            case 5:
                int end = random.Next(_bytes.Count + 1);
                _bytes.RemoveRange(end, _bytes.Count - end);
                break;
            case 6:
                Splice(Any(pool));
                break;
            case 7:
                Repeat();
                break;
            case 8:
                ReplaceNumber();
                break;
            default:
                if (_words.Count > 0)
                    Insert(Any(_words));
                break;
        }
    }

    private void Splice(byte[] other)
    {
        int from = random.Next(other.Length + 1);
        int length = random.Next(other.Length - from + 1);
        int at = Part(length + 1, out int replaced);
        _bytes.RemoveRange(at, replaced);
        _bytes.InsertRange(at, other.AsSpan(from, length).ToArray());
    }

    private void Repeat()
    {
        int at = Part(random.Next(2) == 0 ? 1 : 64, out int length);
        byte[] part = [.. _bytes.GetRange(at, length)];
        int times = Math.Min(1 << random.Next(16), MaxLength / Math.Max(1, length));
        byte[] repeated = new byte[part.Length * times];
        for (int i = 0; i < times; i++)
            part.CopyTo(repeated, i * part.Length);
        _bytes.InsertRange(at, repeated);
    }

    /// <summary>Replaces the first number after a random place by an extreme one, or by one that is a little larger or smaller.</summary>
    private void ReplaceNumber()
    {
        int start = random.Next(_bytes.Count + 1);
        while (start < _bytes.Count && !char.IsAsciiDigit((char)_bytes[start]))
            start++;
        int end = start;
        while (end < _bytes.Count && end - start < 18 && char.IsAsciiDigit((char)_bytes[end]))
            end++;
        byte[] number = Any(Numbers);
        if (random.Next(2) == 0 && end > start)
        {
            long value = long.Parse(Encoding.ASCII.GetString(_bytes.GetRange(start, end - start).ToArray()), CultureInfo.InvariantCulture);
            number = Encoding.ASCII.GetBytes((value + random.Next(-2, 3)).ToString(CultureInfo.InvariantCulture));
        }

        _bytes.RemoveRange(start, end - start);
        _bytes.InsertRange(start, number);
    }

    private void Insert(byte[] bytes) => _bytes.InsertRange(random.Next(_bytes.Count + 1), bytes);

    private int Part(int longest, out int length)
    {
        int start = random.Next(_bytes.Count + 1);
        length = random.Next(Math.Min(longest, _bytes.Count - start) + 1);
        return start;
    }

    private byte[] Any(IReadOnlyList<byte[]> from) => from[random.Next(from.Count)];
}
