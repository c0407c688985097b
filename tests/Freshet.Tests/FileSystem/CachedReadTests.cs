using Freshet.FileSystem;

namespace Freshet.Tests.FileSystem;

/// <summary>Data that is in memory is read without handing the read to a thread that may wait.</summary>
public sealed class CachedReadTests
{
    [Fact]
    public void A_file_system_in_memory_never_waits()
    {
        using var memory = SmallFileSystem.MountOrSkip(1 << 20);
        using IFile file = SystemFiles.Instance.Open(new FilePath(memory.Path, "file"), FileOpening.Create);
        byte[] written = [1, 2, 3, 4];
        byte[] read = new byte[4];
        Assert.Equal(4, Transfer(file.Write, written));
        Assert.Equal(4, Transfer(file.ReadCached, read));
        Assert.Equal(written, read);

        // The system's first answer decides how the next reads are done.
        Assert.Equal(4, Transfer(file.ReadCached, read));
    }

    private static unsafe int Transfer(Transfers transfers, Span<byte> bytes)
    {
        fixed (byte* start = bytes)
            return transfers([new IoBuffer((nint)start, bytes.Length)], 0);
    }

    private delegate int Transfers(ReadOnlySpan<IoBuffer> buffers, long offset);
}
