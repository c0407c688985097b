using Freshet.FileSystem;

namespace Freshet.SimulatedFiles;

/// <summary>Reads and writes arrays through an interface that takes addresses.</summary>
internal static unsafe class Pinned
{
    public static void Write(IFile file, byte[] content, long offset = 0)
    {
        fixed (byte* bytes = content)
        {
            IoCursor cursor = new([new IoBuffer((nint)bytes, content.Length)]);
            VectoredIo.Write(file, ref cursor, offset, content.Length);
        }
    }

    public static byte[] Read(IFile file, long offset, int length)
    {
        byte[] content = new byte[length];
        fixed (byte* bytes = content)
        {
            IoCursor cursor = new([new IoBuffer((nint)bytes, length)]);
            return VectoredIo.TryRead(file, ref cursor, offset, length) ? content : throw new EndOfStreamException();
        }
    }
}
