using Freshet.Disk.Files;
using Freshet.FileSystem;

namespace Freshet.Tests.Disk;

public sealed class FileHandlesTests : IFileOpener, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FileHandles _handles = new(3);
    private readonly List<int> _evicted = [];
    private Action? _onOpen;
    private Func<bool>? _onEvicted;
    private bool _isClosed;
    private int _opened;
    private int _refusals;

    [Fact]
    public void The_least_recently_used_file_is_closed_first()
    {
        Use(0);
        Use(1);
        Use(2);
        Use(0);
        Use(3);
        Assert.Equal(3, _handles.Count);
        Assert.Equal(4, _opened);
        Use(0);
        Assert.Equal(4, _opened);
        Use(1);
        Assert.Equal(5, _opened);
    }

    [Fact]
    public void A_file_in_use_stays_open_until_it_is_returned()
    {
        OpenFile first = _handles.Acquire(new FileKey(this, 0), FileAccess.Read);
        for (int i = 1; i < 10; i++)
            Use(i);
        _handles.Drop(this);
        Assert.Equal(0, _handles.Count);
        Assert.Equal(0, first.File.Stat().Length);
        _handles.Release(first);
        Assert.Throws<ObjectDisposedException>(() => first.File.Stat());
    }

    [Fact]
    public void A_file_open_for_reading_is_reopened_for_writing_and_serves_both()
    {
        Use(0);
        OpenFile writable = _handles.Acquire(new FileKey(this, 0), FileAccess.ReadWrite);
        _handles.Release(writable);
        OpenFile readable = _handles.Acquire(new FileKey(this, 0), FileAccess.Read);
        _handles.Release(readable);
        Assert.Same(writable, readable);
        Assert.Equal(2, _opened);
        Assert.Equal(1, _handles.Count);
    }

    [Fact]
    public void When_the_system_has_no_handles_left_others_are_closed()
    {
        Use(0);
        Use(1);
        Use(2);
        _refusals = 1;
        Use(3);
        Assert.Equal(2, _handles.Count);
        _refusals = 2;
        Assert.Throws<IOException>(() => Use(4));
    }

    [Fact]
    public void Many_threads_share_the_files()
    {
        Parallel.For(0, 5_000, i =>
        {
            OpenFile file = _handles.Acquire(new FileKey(this, i % 7), i % 3 == 0 ? FileAccess.ReadWrite : FileAccess.Read);
            Assert.Equal(0, file.File.Stat().Length);
            _handles.Release(file);
        });
        Assert.InRange(_handles.Count, 1, 3);
    }

    [Fact]
    public void A_storage_that_is_closed_leaves_no_file_open_even_if_somebody_still_reads()
    {
        _onOpen = () =>
        {
            // The storage is closed while somebody is about to read from it.
            _isClosed = true;
            _handles.Drop(this);
        };
        OpenFile late = _handles.Acquire(new FileKey(this, 0), FileAccess.Read);
        Assert.Equal(0, _handles.Count);
        _handles.Release(late);
        Assert.Throws<ObjectDisposedException>(() => late.File.Stat());
    }

    [Fact]
    public void Closing_a_file_on_a_slow_disk_holds_up_nobody_else()
    {
        Use(0);
        Use(1);
        Use(2);
        _onEvicted = () => Task.Run(() => Use(1)).Wait(TimeSpan.FromSeconds(30));
        Use(3);
        Assert.Equal([0], _evicted);
    }

    bool IFileOpener.IsClosed => _isClosed;

    void IFileOpener.OnEvicted(int fileIndex, IFile file)
    {
        lock (_evicted)
            _evicted.Add(fileIndex);
        Assert.True(_onEvicted?.Invoke() ?? true);
    }

    IFile IFileOpener.Open(int fileIndex, FileAccess access)
    {
        if (Interlocked.Decrement(ref _refusals) >= 0)
            throw Errno.ToException(Errno.TooManyOpenFiles, $"{fileIndex}");
        Interlocked.Increment(ref _opened);
        _onOpen?.Invoke();
        return SystemFiles.Instance.Open(new FilePath(_folder.Path, $"{fileIndex}"), FileOpening.Create);
    }

    public void Dispose()
    {
        _handles.Dispose();
        _folder.Dispose();
    }

    private void Use(int file) => _handles.Release(_handles.Acquire(new FileKey(this, file), FileAccess.Read));
}
