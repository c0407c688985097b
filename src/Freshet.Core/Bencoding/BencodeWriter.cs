using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Freshet.Core.Bencoding;

/// <summary>
/// Writes canonical bencoded data (BEP 3). Keys must come in ascending order and each once: what hashes are made of must not
/// depend on the writer's mood. A caller that breaks the grammar has a bug and gets an exception.
/// </summary>
internal sealed class BencodeWriter
{
    private const int MaxNumberLength = 20;

    private readonly IBufferWriter<byte> _output;
    private Frame[] _frames = new Frame[4];
    private int _depth;
    private bool _complete;

    /// <summary>Appends to a buffer.</summary>
    public BencodeWriter(IBufferWriter<byte> output) => _output = output;

    private enum Place
    {
        List,
        BeforeKey,
        BeforeValue,
    }

    /// <summary>Whether one whole value has been written.</summary>
    public bool IsComplete => _complete;

    /// <summary>Begins anew with another value. What was written stays where it is.</summary>
    public void Reset()
    {
        _depth = 0;
        _complete = false;
    }

    /// <summary>Writes with a buffer of its own, and gives what was written.</summary>
    public static byte[] Write(Action<BencodeWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new BencodeWriter(output);
        write(writer);
        if (!writer.IsComplete)
            throw new InvalidOperationException("Not one whole value was written.");
        return output.WrittenSpan.ToArray();
    }

    /// <summary>An integer.</summary>
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

    /// <summary>A byte string.</summary>
    public void WriteString(ReadOnlySpan<byte> value)
    {
        BeforeValue();
        PutString(value);
        AfterValue();
    }

    /// <summary>A text, as UTF-8.</summary>
    public void WriteString(string value)
    {
        BeforeValue();
        int length = Encoding.UTF8.GetByteCount(value);
        PutLength(length);
        _output.Advance(Encoding.UTF8.GetBytes(value, _output.GetSpan(length)));
        AfterValue();
    }

    /// <summary>Begins a list, up to <see cref="WriteEnd"/>.</summary>
    public void WriteListStart() => Open((byte)'l', Place.List);

    /// <summary>Begins a dictionary, up to <see cref="WriteEnd"/>.</summary>
    public void WriteDictionaryStart() => Open((byte)'d', Place.BeforeKey);

    /// <summary>A dictionary's next key; its value must follow.</summary>
    public void WriteKey(ReadOnlySpan<byte> key)
    {
        if (_depth == 0 || _frames[_depth - 1].Place != Place.BeforeKey)
            throw new InvalidOperationException("A key belongs into a dictionary, in front of its value.");
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

    /// <summary>A dictionary's key with an integer.</summary>
    public void Write(ReadOnlySpan<byte> key, long value)
    {
        WriteKey(key);
        WriteInteger(value);
    }

    /// <summary>A dictionary's key with a byte string.</summary>
    public void Write(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        WriteKey(key);
        WriteString(value);
    }

    /// <summary>A dictionary's key with a text.</summary>
    public void Write(ReadOnlySpan<byte> key, string value)
    {
        WriteKey(key);
        WriteString(value);
    }

    /// <summary>Ends the innermost list or dictionary.</summary>
    public void WriteEnd()
    {
        if (_depth == 0 || _frames[_depth - 1].Place == Place.BeforeValue)
            throw new InvalidOperationException("There is nothing to end here.");
        PutByte((byte)'e');
        _depth--;
        AfterValue();
    }

    /// <summary>One value that is bencoded already, such as a raw info dictionary.</summary>
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
