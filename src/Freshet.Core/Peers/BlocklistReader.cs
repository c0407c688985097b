using System.Collections.Immutable;
using System.Globalization;

namespace Freshet.Core.Peers;

/// <summary>
/// Parses a blocklist, which is fed to it in arbitrary portions. Each line has one of three formats: an address, a CIDR block
/// (<c>ADDRESS/BITS</c>) or a range (<c>FIRST-LAST</c>); eMule's <c>FIRST - LAST , LEVEL , NAME</c>, where levels above 127 are not
/// blocked; or PeerGuardian's <c>NAME:FIRST-LAST</c>. Empty lines and lines that start with <c>#</c>, <c>;</c> or <c>//</c> are skipped. A
/// bad line does not affect the others.
/// </summary>
internal sealed class BlocklistReader
{
    private const int MostBlockedLevel = 127;

    private readonly AddressRangesBuilder _ranges = new();
    private readonly ImmutableArray<string>.Builder _errors = ImmutableArray.CreateBuilder<string>();
    private readonly byte[] _line = new byte[FilterLimits.MaxLine];
    private int _length;
    private int _number;
    private int _badLines;
    private bool _isTooLong;

    private enum LineKind
    {
        Blocked,
        Passed,
        Malformed,
    }

    /// <summary>Whether the maximum number of ranges has been reached; further input is ignored.</summary>
    public bool IsFull => _ranges.Count >= FilterLimits.MaxRanges;

    /// <summary>Processes the next bytes of the list.</summary>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && !IsFull)
        {
            int end = bytes.IndexOf((byte)'\n');
            Append(end < 0 ? bytes : bytes[..end]);
            if (end < 0)
                return;
            EndLine();
            bytes = bytes[(end + 1)..];
        }
    }

    /// <summary>Completes the list at the end of the input.</summary>
    public Blocklist Finish()
    {
        if (_length > 0 || _isTooLong)
            EndLine();
        if (IsFull)
        {
            _errors.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"line {_number}: a list has at most {FilterLimits.MaxRanges:N0} ranges; the rest is not used"));
        }

        return new Blocklist(_ranges.Build(), _badLines, _errors.ToImmutable());
    }

    private void Append(ReadOnlySpan<byte> part)
    {
        _isTooLong |= part.Length > _line.Length - _length;
        if (_isTooLong)
            return;
        part.CopyTo(_line.AsSpan(_length));
        _length += part.Length;
    }

    private void EndLine()
    {
        _number++;
        if (_isTooLong)
        {
            Note(string.Create(CultureInfo.InvariantCulture, $"longer than {FilterLimits.MaxLine:N0} bytes"));
        }
        else
        {
            LineKind kind = Parse(_line.AsSpan(0, _length).Trim(" \t\r"u8), out AddressRange range);
            if (kind == LineKind.Blocked)
                _ranges.Add(range);
            else if (kind == LineKind.Malformed)
                Note("no address, block or range of addresses");
        }

        _length = 0;
        _isTooLong = false;
    }

    private static LineKind Parse(ReadOnlySpan<byte> line, out AddressRange range)
    {
        range = default;
        if (line.IsEmpty || line[0] is (byte)'#' or (byte)';' || line.StartsWith("//"u8))
            return LineKind.Passed;
        if (AddressRange.TryParse(line, out range))
            return LineKind.Blocked;
        int comma = line.IndexOf((byte)',');
        if (comma > 0 && AddressRange.TryParse(line[..comma], out range))
            return OfLevel(line[(comma + 1)..]);
        return TryParseNamed(line, out range) ? LineKind.Blocked : LineKind.Malformed;
    }

    private static LineKind OfLevel(ReadOnlySpan<byte> rest)
    {
        int comma = rest.IndexOf((byte)',');
        ReadOnlySpan<byte> level = (comma < 0 ? rest : rest[..comma]).Trim(" \t"u8);
        return !int.TryParse(level, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? LineKind.Malformed
            : value > MostBlockedLevel ? LineKind.Passed
            : LineKind.Blocked;
    }

    // Names may contain colons and dashes, and so do IPv6 addresses and ranges: the range begins after the first colon that is followed by
    // a valid one.
    private static bool TryParseNamed(ReadOnlySpan<byte> line, out AddressRange range)
    {
        range = default;
        int last = line.LastIndexOf((byte)':');
        if (last >= 0 && AddressRange.TryParse(line[(last + 1)..], out range))
            return true;
        for (int tried = 0; tried < FilterLimits.MaxColons; tried++)
        {
            int colon = line.IndexOf((byte)':');
            if (colon < 0)
                return false;
            line = line[(colon + 1)..];
            if (line.Contains((byte)'-') && AddressRange.TryParse(line, out range))
                return true;
        }

        return false;
    }

    private void Note(string what)
    {
        if (_badLines++ < FilterLimits.MaxNamedErrors)
            _errors.Add(string.Create(CultureInfo.InvariantCulture, $"line {_number}: {what}"));
    }
}
