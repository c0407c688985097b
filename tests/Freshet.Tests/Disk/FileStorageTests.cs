using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Disk;
using Freshet.Disk.Files;
using Freshet.FileSystem;

namespace Freshet.Tests.Disk;

public sealed class FileStorageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FileHandles _handles = new(4);

    internal static FileStorage Create(string folder, FileHandles handles, int pieceLength, params (string Path, long Length)[] files) =>
        new(Options(folder, handles, pieceLength, Files(files)));

    [Fact]
    public void Bytes_are_read_back_from_where_they_were_written_across_files()
    {
        TorrentFile[] files = Files(("a", 1000), ("empty", 0), ("b/c", 5), ("b/d/e", 70_000), ("f", 1));
        using FileStorage storage = Create(files);
        byte[] content = RandomBytes(71_006);
        Random random = new(1);
        foreach (int[] run in Runs(random, content.Length).OrderBy(_ => random.Next()))
            Assert.Null(Write(storage, content, run[0], run[1]));
        foreach (int[] run in Runs(random, content.Length))
            Assert.Equal(content[run[0]..(run[0] + run[1])], Read(storage, run[0], run[1]));
        Assert.Equal(content[..1000], File.ReadAllBytes(_folder["a"]));
        Assert.Equal(content[1005..71_005], File.ReadAllBytes(_folder["b/d/e"]));
        Assert.InRange(_handles.Count, 1, 4);
    }

    [Fact]
    public void Pad_files_are_zeros_that_are_never_stored()
    {
        TorrentFile[] files = Files(("a", 10), (".pad/6", 6), ("b", 16));
        files[1] = files[1] with { Traits = FileTraits.Padding };
        using FileStorage storage = Create(files);
        Assert.Null(storage.Prepare());
        Assert.Null(Write(storage, RandomBytes(32), 0, 32));
        Assert.Equal(new byte[6], Read(storage, 10, 6));
        Assert.Equal(["a", "b"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Preparing_creates_only_empty_files_and_links()
    {
        TorrentFile[] files = Files(("t/empty/x", 0), ("t/data", 100), ("t/links/l", 0));
        files[2] = files[2] with { Traits = FileTraits.Symlink, SymlinkTarget = "t/data" };
        using FileStorage storage = Create(files);
        Assert.Null(storage.Prepare());
        Assert.Equal(0, new FileInfo(_folder["t/empty/x"]).Length);
        Assert.False(File.Exists(_folder["t/data"]));
        Assert.Equal(Path.Combine("..", "data"), new FileInfo(_folder["t/links/l"]).LinkTarget);
        Assert.Null(storage.Prepare());
        Assert.Null(storage.Flush());
    }

    [Fact]
    public void Full_allocation_reserves_the_space_of_wanted_files_in_advance()
    {
        using FileStorage storage = new(
            Options(_folder.Path, _handles, 1024, Files(("a", 3_000_000), ("b", 10))) with { Preallocation = Preallocation.Full });
        Assert.Null(storage.Prepare([1]));
        Assert.Equal(3_000_000, new FileInfo(_folder["a"]).Length);
        Assert.False(File.Exists(_folder["b"]));
        Assert.Equal(Extent.Missing, storage.ExtentOf(3_000_000, 1));
    }

    [Fact]
    public void A_sparse_file_takes_no_space_for_missing_data()
    {
        Requires.That(OperatingSystem.IsLinux(), "Only Linux and FreeBSD report holes.");
        using FileStorage storage = Create(Files(("a", 8 << 20)));
        Assert.Null(Write(storage, RandomBytes(8 << 20), (8 << 20) - 65_536, 65_536));
        Assert.Equal(Extent.Hole, storage.ExtentOf(0, 4 << 20));
        Assert.Equal(Extent.Data, storage.ExtentOf(4 << 20, 4 << 20));
    }

    [Fact]
    public void Executable_files_may_be_run_by_those_who_may_read_them()
    {
        Requires.That(!OperatingSystem.IsWindows(), "Windows does not have this permission.");
        TorrentFile[] files = Files(("run", 4), ("read", 4));
        files[0] = files[0] with { Traits = FileTraits.Executable };
        using FileStorage storage = Create(files);
        Assert.Null(Write(storage, RandomBytes(8), 0, 8));
#pragma warning disable CA1416 // Skipped on Windows.
        UnixFileMode plain = File.GetUnixFileMode(_folder["read"]);
        UnixFileMode executable = File.GetUnixFileMode(_folder["run"]);
#pragma warning restore CA1416
        Assert.Equal(UnixFileMode.None, plain & UnixFileMode.UserExecute);
        Assert.Equal(plain | (UnixFileMode)((int)(plain & (UnixFileMode)0b100_100_100) >> 2), executable);
    }

    [Theory]
    [InlineData("t")]
    [InlineData("t/sub")]
    [InlineData("t/sub/file")]
    public void Nothing_is_written_through_a_link_that_leads_out_of_the_folder(string link)
    {
        using TemporaryFolder outside = new();
        Directory.CreateDirectory(outside["sub"]);
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[link])!);
        File.CreateSymbolicLink(_folder[link], link.EndsWith("file", StringComparison.Ordinal) ? outside["file"] : outside.Path);
        using FileStorage storage = Create(Files(("t/sub/file", 4)));
        StorageError? error = Write(storage, RandomBytes(4), 0, 4);
        Assert.Equal(StorageErrorKind.UnsafePath, error?.Kind);
        Assert.StartsWith(_folder[link] + " is a symbolic link", error!.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(outside.Path, "*", SearchOption.AllDirectories));
        Assert.Null(storage.DeleteFiles());
    }

    [Fact]
    public void A_link_that_stays_in_the_folder_is_followed()
    {
        Directory.CreateDirectory(_folder["elsewhere"]);
        File.CreateSymbolicLink(_folder["t"], "elsewhere");
        using FileStorage storage = Create(Files(("t/file", 4)));
        Assert.Null(Write(storage, RandomBytes(4), 0, 4));
        Assert.True(File.Exists(_folder["elsewhere/file"]));
    }

    [Fact]
    public void Missing_and_short_files_are_reported_by_name()
    {
        using FileStorage storage = Create(Files(("a", 10), ("b", 10)));
        File.WriteAllBytes(_folder["a"], new byte[7]);
        Assert.Equal(Extent.Missing, storage.ExtentOf(12, 1));
        Assert.Equal(StorageErrorKind.Missing, ReadError(storage, 12, 1)?.Kind);
        StorageError? error = ReadError(storage, 0, 10);
        Assert.Equal(StorageErrorKind.Missing, error?.Kind);
        Assert.Equal(_folder["a"], error!.Path);
        Assert.Null(ReadError(storage, 0, 7));
        Assert.False(File.Exists(_folder["b"]));
    }

    [Fact]
    public void A_look_returns_size_and_time()
    {
        using FileStorage storage = Create(Files(("a", 10), ("b", 10)));
        Assert.Null(Write(storage, RandomBytes(4), 0, 4));
        DateTime time = new(2020, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        storage.Dispose();
        File.SetLastWriteTimeUtc(_folder["a"], time);
        Assert.Equal([new FileStamp(true, 4, time), default], storage.GetStamps());
    }

    [Fact]
    public void Deleting_removes_only_the_torrents_own_files_and_empty_folders()
    {
        TorrentFile[] files = Files(("t/a/b/c", 4), ("t/d", 4), ("t/e/f", 4));
        using FileStorage storage = Create(files);
        Assert.Null(Write(storage, RandomBytes(12), 0, 12));
        File.WriteAllText(_folder["t/e/mine"], "");
        Assert.Null(storage.DeleteFiles());
        Assert.Equal([_folder["t/e/mine"]], Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories));
        Assert.False(Directory.Exists(_folder["t/a"]));
    }

    [Fact]
    public void A_folder_that_may_not_be_written_is_reported_as_such()
    {
        Requires.That(Unprivileged.IsPossible, "An administrator can write everywhere.");
        SetMode("555");
        using FileStorage storage = Create(Files(("a", 4)));
        StorageError? error = Unprivileged.Run(() => Write(storage, new byte[4], 0, 4));
        Assert.Equal(StorageErrorKind.PermissionDenied, error?.Kind);
        Assert.Contains("Check who owns the folder", error!.Message, StringComparison.Ordinal);
        SetMode("777");
        Assert.Null(Unprivileged.Run(() => Write(storage, new byte[4], 0, 4)));
    }

    [Fact]
    public void A_file_that_existed_is_not_recreated_when_its_disk_is_gone()
    {
        using FileStorage storage = Create(Files(("t/a", 10), ("t/b", 10)));
        Assert.Null(Write(storage, RandomBytes(10), 0, 10));
        storage.Close();
        Directory.Move(_folder["t"], _folder["elsewhere"]);
        Assert.Equal(StorageErrorKind.Missing, Write(storage, RandomBytes(10), 0, 10)?.Kind);

        // No other file of the torrent is begun either if the first one is missing.
        Assert.Equal(StorageErrorKind.Missing, Write(storage, RandomBytes(20), 10, 10)?.Kind);
        Assert.False(Directory.Exists(_folder["t"]));
        Directory.Move(_folder["elsewhere"], _folder["t"]);
        Assert.Null(Write(storage, RandomBytes(20), 0, 20));
        Assert.Null(storage.Flush());
    }

    [Fact]
    public void A_file_that_existed_at_the_start_is_not_recreated_either()
    {
        File.WriteAllBytes(_folder["a"], new byte[10]);
        using FileStorage storage = Create(Files(("a", 10)));
        storage.Expect(storage.GetStamps());
        File.Delete(_folder["a"]);
        Assert.Equal(StorageErrorKind.Missing, Write(storage, RandomBytes(10), 0, 10)?.Kind);

        // A new start is the user's permission to create it.
        storage.Expect(storage.GetStamps());
        Assert.Null(Write(storage, RandomBytes(10), 0, 10));
    }

    [Fact]
    public void A_flush_reports_that_a_file_was_deleted_or_replaced_while_it_was_open()
    {
        Requires.That(OperatingSystem.IsLinux(), "Only Linux reports this.");
        using FileStorage storage = Create(Files(("a", 10), ("b", 10)));
        Assert.Null(Write(storage, RandomBytes(20), 0, 20));
        Assert.Null(storage.Flush());
        Assert.Equal([0, 1], storage.TakeFlushed().Order());

        Assert.Null(Write(storage, RandomBytes(20), 0, 10));
        File.Move(_folder["a"], _folder["aside"]);
        StorageError? error = storage.Flush();
        Assert.Equal((StorageErrorKind.Missing, _folder["a"]), (error?.Kind, error?.Path));
        File.Move(_folder["aside"], _folder["a"]);
        Assert.Null(storage.Flush());

        Assert.Null(Write(storage, RandomBytes(20), 0, 10));
        File.Delete(_folder["a"]);
        File.WriteAllBytes(_folder["a"], new byte[3]);
        Assert.Equal(StorageErrorKind.Replaced, storage.Flush()?.Kind);
        Assert.Equal(StorageErrorKind.Replaced, storage.Flush()?.Kind);
        Assert.Equal([0], storage.TakeFlushed());
    }

    [Fact]
    public void A_folder_in_the_place_of_a_file_is_an_error_with_its_path()
    {
        Directory.CreateDirectory(_folder["a"]);
        using FileStorage storage = Create(Files(("a", 4)));
        StorageError? error = Write(storage, new byte[4], 0, 4);
        Assert.NotNull(error);
        Assert.Equal(_folder["a"], error.Path);
    }

    public void Dispose()
    {
        _handles.Dispose();
        _folder.Dispose();
    }

    internal static FileStorageOptions Options(string folder, FileHandles handles, int pieceLength, TorrentFile[] files) => new()
    {
        Folder = folder,
        Files = [.. files],
        Layout = new PieceLayout(pieceLength, [.. files.Select(file => file.Length)]),
        Handles = handles,
    };

    private FileStorage Create(TorrentFile[] files) => new(Options(_folder.Path, _handles, 1024, files));

    internal static TorrentFile[] Files(params (string Path, long Length)[] files)
    {
        long offset = 0;
        return [.. files.Select((file, index) =>
        {
            TorrentFile one = new() { Index = index, Path = file.Path, Length = file.Length, Offset = offset };
            offset += file.Length;
            return one;
        })];
    }

    internal static byte[] RandomBytes(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private void SetMode(string octal)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder.Path, (UnixFileMode)Convert.ToInt32(octal, 8));
    }

    private static List<int[]> Runs(Random random, int length)
    {
        List<int[]> runs = [];
        for (int offset = 0; offset < length;)
        {
            int run = Math.Min(random.Next(1, 9000), length - offset);
            runs.Add([offset, run]);
            offset += run;
        }

        return runs;
    }

    // In buffers of odd sizes, as blocks and send buffers may have.
    private static unsafe StorageError? Write(FileStorage storage, byte[] content, int offset, int length)
    {
        fixed (byte* bytes = content)
            return storage.Write(offset, Split((nint)bytes + (offset < content.Length ? offset : 0), length));
    }

    private static unsafe byte[] Read(FileStorage storage, int offset, int length)
    {
        byte[] bytes = RandomBytes(length);
        fixed (byte* address = bytes)
            Assert.Null(storage.Read(offset, Split((nint)address, length)));
        return bytes;
    }

    private static unsafe StorageError? ReadError(FileStorage storage, int offset, int length)
    {
        byte[] bytes = new byte[length];
        fixed (byte* address = bytes)
            return storage.Read(offset, Split((nint)address, length));
    }

    private static IoBuffer[] Split(nint address, int length)
    {
        List<IoBuffer> buffers = [];
        for (int at = 0; at < length; at += 13)
            buffers.Add(new IoBuffer(address + at, Math.Min(13, length - at)));
        return [.. buffers];
    }
}
