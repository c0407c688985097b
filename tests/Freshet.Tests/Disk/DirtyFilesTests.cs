using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Disk.Files;
using Freshet.FileSystem;
using Freshet.SimulatedFiles;

namespace Freshet.Tests.Disk;

/// <summary>What a flush guarantees: everything that was written before it, also in files that have been closed since.</summary>
public sealed class DirtyFilesTests : IDisposable
{
    private static readonly TorrentFile[] Files = FileStorageTests.Files(("t/a", 4), ("t/b", 4), ("t/c", 4));
    private readonly SimulatedFileSystem _system = new();
    private readonly FileHandles _handles = new(1);
    private readonly FileStorage _storage;

    public DirtyFilesTests()
    {
        RootFolder.Create(_system, "/data");
        _storage = new FileStorage(FileStorageTests.Options("/data", _handles, 16, Files) with { System = _system });
    }

    public void Dispose()
    {
        _storage.Dispose();
        _handles.Dispose();
    }

    [Fact]
    public void A_file_that_was_written_is_flushed_before_it_makes_room_for_another()
    {
        Write(file: 0);
        Assert.NotEmpty(Pending("/data/t/a"));
        Write(file: 1);
        Assert.Empty(Pending("/data/t/a"));
        Assert.NotEmpty(Pending("/data/t/b"));
        Assert.Null(_storage.Flush());
        Assert.Equal([0, 1], _storage.TakeFlushed().Order());
    }

    [Fact]
    public void What_a_closed_file_could_not_write_back_fails_only_the_next_flush()
    {
        Write(file: 0);
        int flushes = 0;
        _system.Fails = call => call.Operation == FileOperation.Flush && ++flushes == 1 ? Errno.InputOutput : null;

        // To write the second file, the first one is closed; whoever opens it again would not see the error.
        Write(file: 1);
        Assert.Equal(1, flushes);
        StorageError? error = _storage.Flush();
        Assert.Equal((StorageErrorKind.IoError, "/data/t/a"), (error?.Kind, error?.Path));
        Assert.Empty(_storage.TakeFlushed());
        Assert.Null(_storage.Flush());
        Assert.Equal([0, 1], _storage.TakeFlushed().Order());
    }

    [Fact]
    public void A_file_that_was_only_read_is_closed_without_a_flush()
    {
        Write(file: 0);
        Assert.Null(_storage.Flush());
        int flushes = 0;
        _system.Fails = call =>
        {
            flushes += call.Operation == FileOperation.Flush ? 1 : 0;
            return null;
        };
        Read(file: 0);
        Write(file: 1);
        Assert.Equal(0, flushes);
    }

    [Fact]
    public void Whatever_a_failed_flush_was_to_make_durable_is_dirty_again()
    {
        Write(file: 0);
        Write(file: 1);
        Write(file: 2);
        _system.Fails = call => call.Operation == FileOperation.FlushFolder ? Errno.InputOutput : null;
        Assert.Equal(StorageErrorKind.IoError, _storage.Flush()?.Kind);
        Assert.Empty(_storage.TakeFlushed());
        _system.Fails = null;
        Assert.Null(_storage.Flush());
        Assert.Equal([0, 1, 2], _storage.TakeFlushed().Order());
        Assert.DoesNotContain(_system.Image.PendingNames, change => change.Folder.StartsWith("/data", StringComparison.Ordinal));
    }

    [Fact]
    public void Files_that_an_earlier_run_left_unflushed_are_flushed_with_their_folders_and_need_not_be_writable()
    {
        Write(file: 0);
        Write(file: 2);
        using FileHandles handles = new(1);
        using FileStorage next = new(FileStorageTests.Options("/data", handles, 16, Files) with { System = _system });
        next.Expect(next.GetStamps());
        next.OnFoundGood(0, 4);
        _system.Fails = call => call is { Operation: FileOperation.Open, Writes: true } ? Errno.ReadOnly : null;
        Assert.Null(next.Flush());
        Assert.Empty(Pending("/data/t/a"));
        Assert.NotEmpty(Pending("/data/t/c"));
        Assert.DoesNotContain(_system.Image.PendingNames, change => change.Folder.StartsWith("/data", StringComparison.Ordinal));

        // We have not written it: if somebody else has in the meantime, that must show.
        Assert.Empty(next.TakeFlushed());

        next.DoubtExpected();
        Assert.Null(next.Flush());
        Assert.Empty(Pending("/data/t/c"));
    }

    [Fact]
    public void Files_that_were_found_are_doubted_until_they_are_flushed_successfully()
    {
        Write(file: 0);
        using FileHandles handles = new(1);
        using FileStorage next = new(FileStorageTests.Options("/data", handles, 16, Files) with { System = _system });
        next.OnFoundGood(0, 4);
        _system.Fails = call => call.Operation == FileOperation.Flush ? Errno.InputOutput : null;
        Assert.Equal((StorageErrorKind.IoError, "/data/t/a"), (next.Flush() is { } error ? (error.Kind, error.Path) : default));
        _system.Fails = null;
        Assert.Null(next.Flush());
        Assert.Empty(Pending("/data/t/a"));
    }

    [Fact]
    public void A_folder_that_cannot_be_listed_does_not_keep_a_seed_from_being_recorded()
    {
        Write(file: 0);
        using FileHandles handles = new(1);
        using FileStorage next = new(FileStorageTests.Options("/data", handles, 16, Files) with { System = _system });
        next.OnFoundGood(0, 4);
        _system.Fails = call => call.Operation == FileOperation.FlushFolder ? Errno.AccessDenied : null;
        Assert.Null(next.Flush());
    }

    private ImmutableList<FileChange> Pending(string path) => _system.Image.Files[_system.Image.Names[path].Number].Pending;

    private unsafe void Write(int file)
    {
        byte[] content = [1, 2, 3, 4];
        fixed (byte* bytes = content)
            Assert.Null(_storage.Write(Files[file].Offset, [new IoBuffer((nint)bytes, content.Length)]));
    }

    private unsafe void Read(int file)
    {
        byte[] content = new byte[4];
        fixed (byte* bytes = content)
            Assert.Null(_storage.Read(Files[file].Offset, [new IoBuffer((nint)bytes, content.Length)]));
    }
}
