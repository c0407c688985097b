using System.Buffers.Binary;
using System.Text;

namespace Freshet.Daemon.Countries;

/// <summary>
/// Reads values in a section of a MaxMind DB: a control byte with type and length, then the value. Nothing is trusted: whatever points
/// outside the section, or takes more than <see cref="MaxMindLimits.MaxValues"/> steps, counts as missing. There is no recursion.
/// </summary>
internal ref struct MaxMindReader(ReadOnlySpan<byte> section)
{
    // Lengths of 29 and more stand in the bytes behind, and begin where those of fewer bytes end.
    private const int FirstLong = 29;
    private static ReadOnlySpan<int> LongLengths => [29, 285, 65_821];

    // A pointer of one length begins where the shorter ones end.
    private static ReadOnlySpan<int> PointerBases => [0, 2_048, 526_336, 0];

    private readonly ReadOnlySpan<byte> _section = section;
    private int _steps;

    /// <summary>The value of a map's member: where it begins. False if the value is no map, or has no such member.</summary>
    public bool TryMember(int at, ReadOnlySpan<byte> name, out int value)
    {
        value = 0;
        if (!TryResolve(at, out MaxMindType type, out int count, out int next) || type != MaxMindType.Map)
            return false;
        for (; count > 0; count--)
        {
            int key = next;
            if (!TrySkip(key, out value) || !TryBytes(key, out ReadOnlySpan<byte> text))
                return false;
            if (text.SequenceEqual(name))
                return true;
            if (!TrySkip(value, out next))
                return false;
        }

        return false;
    }

    /// <summary>A text. False if the value is none, or too long a one.</summary>
    public bool TryText(int at, out string text)
    {
        bool isText = TryBytes(at, out ReadOnlySpan<byte> bytes) && bytes.Length <= MaxMindLimits.MaxText;
        text = isText ? Encoding.UTF8.GetString(bytes) : "";
        return isText;
    }

    /// <summary>A whole number without a sign. False if the value is none, or too large a one.</summary>
    public bool TryNumber(int at, out uint number)
    {
        number = 0;
        if (!TryResolve(at, out MaxMindType type, out int length, out int begin)
            || type is not (MaxMindType.UInt16 or MaxMindType.UInt32 or MaxMindType.UInt64) || length > sizeof(uint))
            return false;
        foreach (byte digit in _section.Slice(begin, length))
            number = (number << 8) | digit;
        return true;
    }

    private bool TryBytes(int at, out ReadOnlySpan<byte> bytes)
    {
        bool isText = TryResolve(at, out MaxMindType type, out int length, out int begin) && type == MaxMindType.Text;
        bytes = isText ? _section.Slice(begin, length) : [];
        return isText;
    }

    /// <summary>Passes over a value with all that is in it.</summary>
    private bool TrySkip(int at, out int next)
    {
        next = at;
        for (long left = 1; left > 0; left--)
        {
            if (!TryHead(next, out MaxMindType type, out int length, out int begin))
                return false;
            left += type switch { MaxMindType.Map => 2L * length, MaxMindType.Array => length, _ => 0 };
            next = type is MaxMindType.Map or MaxMindType.Array or MaxMindType.Boolean or MaxMindType.Pointer ? begin : begin + length;
        }

        return true;
    }

    // A pointer leads to a value that is no pointer.
    private bool TryResolve(int at, out MaxMindType type, out int length, out int begin) =>
        TryHead(at, out type, out length, out begin)
        && (type != MaxMindType.Pointer || (TryHead(length, out type, out length, out begin) && type != MaxMindType.Pointer));

    /// <summary>The type and length of a value, for a pointer where it leads, and where what follows begins.</summary>
    private bool TryHead(int at, out MaxMindType type, out int length, out int begin)
    {
        (type, length, begin) = (default, 0, at + 1);
        if (++_steps > MaxMindLimits.MaxValues || (uint)at >= (uint)_section.Length)
            return false;
        byte control = _section[at];
        type = (MaxMindType)(control >> 5);
        if (type == MaxMindType.Pointer)
            return TryPointer(control, out length, ref begin);
        if (type == 0)
        {
            if (begin >= _section.Length)
                return false;
            type = (MaxMindType)(_section[begin++] + 7);
        }

        length = control & 0x1F;
        if (length >= FirstLong)
        {
            int bytes = length - FirstLong + 1;
            if (!TryBigEndian(begin, bytes, out uint more))
                return false;
            length = LongLengths[bytes - 1] + (int)more;
            begin += bytes;
        }

        bool hasNoBytes = type is MaxMindType.Map or MaxMindType.Array or MaxMindType.Boolean;
        return type is >= MaxMindType.Text and <= MaxMindType.Float && (hasNoBytes || length <= _section.Length - begin);
    }

    private readonly bool TryPointer(byte control, out int target, ref int begin)
    {
        int size = (control >> 3) & 3;
        target = 0;
        if (!TryBigEndian(begin, size + 1, out uint value))
            return false;
        long whole = (size < 3 ? (long)(control & 7) << (8 * (size + 1)) : 0) + value + PointerBases[size];
        begin += size + 1;
        target = (int)Math.Min(whole, int.MaxValue);
        return true;
    }

    private readonly bool TryBigEndian(int at, int length, out uint value)
    {
        value = 0;
        if (at > _section.Length - length)
            return false;
        Span<byte> padded = stackalloc byte[sizeof(uint)];
        padded.Clear();
        _section.Slice(at, length).CopyTo(padded[(sizeof(uint) - length)..]);
        value = BinaryPrimitives.ReadUInt32BigEndian(padded);
        return true;
    }
}
