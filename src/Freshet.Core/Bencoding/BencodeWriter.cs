using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Freshet.Core.Bencoding;

/// <summary>
/// Writes canonical bencoded data (BEP 3). Keys must be written in ascending order and without duplicates, since hashes are computed over
/// the result. A caller that violates the grammar has a bug and gets an exception.
/// </summary>
internal sealed class BencodeWriter
{
    private const int MaxNumberLength = 20;

    private readonly IBufferWriter<byte> _output;
    private Frame[] _frames = new Frame[4];
    private int _depth;
    private bool _complete;

    /// <summary>Creates a writer that appends to a buffer.</summary>
    public BencodeWriter(IBufferWriter<byte> output) => _output = output;

    private enum Place
    {
        List,
        BeforeKey,
        BeforeValue,
    }

    /// <summary>Whether one whole value has been written.</summary>
    public bool IsComplete => _complete;

    /// <summary>Resets the writer so that another value can be written. What was written before stays in the buffer.</summary>
    public void Reset()
    {
        _depth = 0;
        _complete = false;
    }

    /// <summary>Writes to a new buffer and returns its bytes.</summary>
    public static byte[] Write(Action<BencodeWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new BencodeWriter(output);
        write(writer);
        if (!writer.IsComplete)
            throw new InvalidOperationException("The value is incomplete.");
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Writes an integer.</summary>
    public void WriteInteger(long value)
    {
        BeforeValue();
        Span<byte> span = _output.GetSpan(MaxNumberLength + 2);
        span[0] = (byte)'i';
        _ = Utf8Formatter.TryFormat(value, span[1..], out int digits);
        span[digits + 1] = (byte)'e';
        _output.Advance(digits + 2);
        AfterValue();
    }

    /// <summary>Writes a byte string.</summary>
    public void WriteString(ReadOnlySpan<byte> value)
    {
        BeforeValue();
        PutString(value);
        AfterValue();
    }

    /// <summary>Writes text as UTF-8.</summary>
    public void WriteString(string value)
    {
        BeforeValue();
        int length = Encoding.UTF8.GetByteCount(value);
        PutLength(length);
        _output.Advance(Encoding.UTF8.GetBytes(value, _output.GetSpan(length)));
        AfterValue();
    }

    /// <summary>Begins a list, which <see cref="WriteEnd"/> ends.</summary>
    public void WriteListStart() => Open((byte)'l', Place.List);

    /// <summary>Begins a dictionary, which <see cref="WriteEnd"/> ends.</summary>
    public void WriteDictionaryStart() => Open((byte)'d', Place.BeforeKey);

    /// <summary>Writes the next key of a dictionary; its value must follow.</summary>
    public void WriteKey(ReadOnlySpan<byte> key)
    {
        if (_depth == 0 || _frames[_depth - 1].Place != Place.BeforeKey)
            throw new InvalidOperationException("A key can only be written in a dictionary, before its value.");
        ref Frame frame = ref _frames[_depth - 1];
        if (frame.HasKey && frame.Key.AsSpan(0, frame.KeyLength).SequenceCompareTo(key) >= 0)
            throw new InvalidOperationException($"The key '{Encoding.UTF8.GetString(key)}' does not sort after the one before it.");
        if (frame.Key is null || frame.Key.Length < key.Length)
            frame.Key = new byte[Math.Max(key.Length, 16)];
        key.CopyTo(frame.Key);
        frame.KeyLength = key.Length;
        frame.HasKey = true;
        frame.Place = Place.BeforeValue;
        PutString(key);
    }

    /// <summary>Writes a dictionary key with an integer.</summary>
    public void Write(ReadOnlySpan<byte> key, long value)
    {
        WriteKey(key);
        WriteInteger(value);
    }

    /// <summary>Writes a dictionary key with a byte string.</summary>
    public void Write(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        WriteKey(key);
        WriteString(value);
    }

    /// <summary>Writes a dictionary key with text.</summary>
    public void Write(ReadOnlySpan<byte> key, string value)
    {
        WriteKey(key);
        WriteString(value);
    }

    /// <summary>Ends the innermost list or dictionary.</summary>
    public void WriteEnd()
    {
        if (_depth == 0 || _frames[_depth - 1].Place == Place.BeforeValue)
            throw new InvalidOperationException("There is no list or dictionary to end here.");
        PutByte((byte)'e');
        _depth--;
        AfterValue();
    }

    /// <summary>Writes a value that is already bencoded, such as a raw info dictionary.</summary>
    public void WriteRaw(ReadOnlySpan<byte> value)
    {
        BeforeValue();
        _output.Write(value);
        AfterValue();
    }

    private void Open(byte start, Place place)
    {
        BeforeValue();
        if (_depth == Limits.MaxBencodeDepth)
            throw new InvalidOperationException("Nested too deep.");
        if (_depth == _frames.Length)
            Array.Resize(ref _frames, _depth * 2);
        PutByte(start);
        ref Frame frame = ref _frames[_depth++];
        frame.Place = place;
        frame.HasKey = false;
    }

    private void BeforeValue()
    {
        if (_complete || (_depth > 0 && _frames[_depth - 1].Place == Place.BeforeKey))
            throw new InvalidOperationException(_complete ? "The value is complete." : "A key must come first.");
    }

    private void AfterValue()
    {
        if (_depth == 0)
            _complete = true;
        else if (_frames[_depth - 1].Place == Place.BeforeValue)
            _frames[_depth - 1].Place = Place.BeforeKey;
    }

    private void PutString(ReadOnlySpan<byte> value)
    {
        PutLength(value.Length);
        _output.Write(value);
    }

    private void PutLength(int length)
    {
        Span<byte> span = _output.GetSpan(MaxNumberLength + 1);
        _ = Utf8Formatter.TryFormat(length, span, out int digits);
        span[digits] = (byte)':';
        _output.Advance(digits + 1);
    }

    private void PutByte(byte value)
    {
        _output.GetSpan(1)[0] = value;
        _output.Advance(1);
    }

    private struct Frame
    {
        public Place Place;
        public byte[]? Key;
        public int KeyLength;
        public bool HasKey;
    }
}
