using Freshet.Disk;
using Freshet.FileSystem;

namespace Freshet.Tests.Disk;

/// <summary>A storage in memory that can be made to fail, and that remembers the sizes of the writes.</summary>
internal sealed class MemoryStorage(int length) : IStorage
{
    public static readonly StorageError Full = new(StorageErrorKind.DiskFull, "memory", "The disk is full.");
    private readonly Lock _lock = new();

    public byte[] Bytes { get; } = new byte[length];

    public List<int> Writes { get; } = [];

    public Func<long, StorageError?> FailsToWrite { get; set; } = _ => null;

    public Func<long, StorageError?> FailsToRead { get; set; } = _ => null;

    public Func<long, int, StorageError?> FailsToReadRange { get; set; } = (_, _) => null;

    public Func<StorageError?> FailsToFlush { get; set; } = () => null;

    public int Flushes { get; private set; }

    public bool IsDisposed { get; private set; }

    public StorageError? Write(long offset, ReadOnlySpan<IoBuffer> buffers)
    {
        lock (_lock)
        {
            if (FailsToWrite(offset) is { } error)
                return error;
            Writes.Add(IoBuffer.TotalOf(buffers));
            foreach (IoBuffer buffer in buffers)
            {
                buffer.Span.CopyTo(Bytes.AsSpan((int)offset));
                offset += buffer.Length;
            }

            return null;
        }
    }

    public StorageError? Read(long offset, ReadOnlySpan<IoBuffer> buffers)
    {
        if ((FailsToRead(offset) ?? FailsToReadRange(offset, IoBuffer.TotalOf(buffers))) is { } error)
            return error;
        foreach (IoBuffer buffer in buffers)
        {
            Bytes.AsSpan((int)offset, (int)buffer.Length).CopyTo(buffer.Span);
            offset += buffer.Length;
        }

        return null;
    }

    /// <summary>The ranges that were to be read ahead.</summary>
    public List<(long Offset, int Length)> Prefetched { get; } = [];

    /// <summary>Whether everything can be read without a wait.</summary>
    public bool IsCached { get; set; }

    public bool TryReadCached(long offset, ReadOnlySpan<IoBuffer> buffers) => IsCached && Read(offset, buffers) is null;

    public StorageError? Flush()
    {
        Flushes++;
        return FailsToFlush();
    }

    public void OnFoundGood(long offset, int length)
    {
    }

    public Extent ExtentOf(long offset, int length) => Extent.Data;

    public void Prefetch(long offset, int length)
    {
        lock (_lock)
            Prefetched.Add((offset, length));
    }

    public void Dispose() => IsDisposed = true;
}
