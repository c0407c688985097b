using Freshet.FileSystem;
using Freshet.Hashing;

namespace Freshet.Disk.Checks;

/// <summary>A piece of zeros.</summary>
internal readonly struct ZeroBytes : IPieceBytes
{
    private readonly IoBuffer _buffer;

    public ZeroBytes(IoBuffer buffer)
    {
        _buffer = buffer;
        buffer.Span.Clear();
    }

    public int ChunkLength => (int)_buffer.Length;

    public nint Get(int index, int offset, int length) => _buffer.Address;
}
