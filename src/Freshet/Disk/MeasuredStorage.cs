using Freshet.Diagnostics;
using Freshet.FileSystem;

namespace Freshet.Disk;

/// <summary>A storage whose calls are timed.</summary>
internal sealed class MeasuredStorage(IStorage storage, DiskMeters meters) : IStorage
{
    public StorageError? Write(long offset, ReadOnlySpan<IoBuffer> buffers)
    {
        long began = meters.Write.Begin();
        StorageError? error = storage.Write(offset, buffers);
        meters.Write.End(began);
        return error;
    }

    public StorageError? Read(long offset, ReadOnlySpan<IoBuffer> buffers)
    {
        long began = meters.Read.Begin();
        StorageError? error = storage.Read(offset, buffers);
        meters.Read.End(began);
        return error;
    }

    public bool TryReadCached(long offset, ReadOnlySpan<IoBuffer> buffers)
    {
        long began = meters.CachedRead.Begin();
        if (!storage.TryReadCached(offset, buffers))
            return false;
        meters.CachedRead.End(began);
        return true;
    }

    public StorageError? Flush()
    {
        long began = meters.Flush.Begin();
        StorageError? error = storage.Flush();
        meters.Flush.End(began);
        return error;
    }

    public void OnFoundGood(long offset, int length) => storage.OnFoundGood(offset, length);

    public Extent ExtentOf(long offset, int length) => storage.ExtentOf(offset, length);

    public void Prefetch(long offset, int length) => storage.Prefetch(offset, length);

    public void Dispose() => storage.Dispose();
}
