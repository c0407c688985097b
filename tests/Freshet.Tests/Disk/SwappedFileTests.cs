using Freshet.Core.Metainfo;
using Freshet.Disk;
using Freshet.Disk.Files;
using Freshet.FileSystem;

namespace Freshet.Tests.Disk;

/// <summary>What other programs put in the place of a torrent's files, with the calls of Linux and with those of any system.</summary>
public sealed class SwappedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _outside = new();
    private readonly FileHandles _handles = new();

    public static TheoryData<bool> Systems => [true, false];

    [Theory]
    [MemberData(nameof(Systems))]
    public void A_file_that_is_swapped_for_a_link_is_neither_read_nor_written_nor_flushed(bool isPortable)
    {
        using FileStorage storage = Whole(isPortable);
        File.WriteAllText(_outside["secret"], "secret");
        File.Delete(_folder["t/a"]);
        File.CreateSymbolicLink(_folder["t/a"], _outside["secret"]);
        Assert.Equal(StorageErrorKind.UnsafePath, Read(storage)?.Kind);
        Assert.Equal(StorageErrorKind.UnsafePath, Write(storage)?.Kind);
        Assert.Equal("secret", File.ReadAllText(_outside["secret"]));
        Assert.Contains("symbolic link", Read(storage)!.Message, StringComparison.Ordinal);

        // Not even a link that stays in the folder: what it leads to is not the torrent's file.
        File.Delete(_folder["t/a"]);
        File.CreateSymbolicLink(_folder["t/a"], "b");
        Assert.Equal(StorageErrorKind.UnsafePath, Read(storage)?.Kind);
        Assert.False(storage.GetStamps()[0].Exists);
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void A_folder_that_is_swapped_for_a_link_out_of_the_download_folder_is_not_entered(bool isPortable)
    {
        using FileStorage storage = Whole(isPortable);
        File.WriteAllText(_outside["a"], "secret");
        Directory.Delete(_folder["t"], recursive: true);
        Directory.CreateSymbolicLink(_folder["t"], _outside.Path);
        Assert.Equal(StorageErrorKind.UnsafePath, Read(storage)?.Kind);
        Assert.Equal(StorageErrorKind.UnsafePath, Write(storage)?.Kind);
        Assert.Null(storage.DeleteFiles());
        Assert.Equal("secret", File.ReadAllText(_outside["a"]));
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void A_folder_in_the_place_of_a_file_is_reported_as_such(bool isPortable)
    {
        using FileStorage storage = Whole(isPortable);
        File.Delete(_folder["t/a"]);
        Directory.CreateDirectory(_folder["t/a"]);
        foreach (StorageError? error in (StorageError?[])[Read(storage), Write(storage)])
        {
            Assert.NotNull(error);
            Assert.Equal(_folder["t/a"], error.Path);
        }

        Assert.False(storage.GetStamps()[0].Exists);
    }

    [Fact]
    public async Task A_pipe_in_the_place_of_a_file_does_not_keep_a_reader_waiting()
    {
        Requires.That(OperatingSystem.IsLinux(), "Only Linux is known to report this before it waits.");
        using FileStorage storage = Whole(isPortable: false);
        File.Delete(_folder["t/a"]);
        using (System.Diagnostics.Process maker = System.Diagnostics.Process.Start("mkfifo", _folder["t/a"]))
            await maker.WaitForExitAsync(TestContext.Current.CancellationToken);
        StorageError? error = await Task.Run(() => Read(storage)).WaitAsync(
            TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(StorageErrorKind.NotAFile, error?.Kind);
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void Names_cannot_lead_out_of_their_root(bool isPortable)
    {
        IFileSystem system = SystemOf(isPortable);
        File.WriteAllText(_outside["x"], "");
        string name = Path.GetFileName(_outside.Path);
        Assert.Throws<UnsafePathException>(() => system.Open(new FilePath(_folder.Path, $"../{name}/x"), FileOpening.Read));
        Assert.Throws<UnsafePathException>(() => system.Open(new FilePath(_folder.Path, $"../{name}/y"), FileOpening.Create));
        Assert.False(File.Exists(_outside["y"]));
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void A_file_is_moved_but_never_onto_another(bool isPortable)
    {
        IFileSystem system = SystemOf(isPortable);
        Directory.CreateDirectory(_folder["folder"]);
        File.WriteAllText(_folder["a"], "a");
        File.WriteAllText(_folder["b"], "b");
        File.CreateSymbolicLink(_folder["link"], "nothing");
        foreach (string taken in (string[])["b", "folder", "link"])
        {
            IOException e = Assert.Throws<IOException>(() => system.Move(PathOf("a"), PathOf(taken)));
            Assert.True(Errno.IsTaken(e.HResult), e.Message);
        }

        system.Move(PathOf("a"), PathOf("folder/c"));
        Assert.Equal("a", File.ReadAllText(_folder["folder/c"]));
        Assert.Equal("b", File.ReadAllText(_folder["b"]));
        Assert.False(File.Exists(_folder["a"]));
        string outside = $"../{Path.GetFileName(_outside.Path)}/x";
        Assert.Throws<UnsafePathException>(() => system.Move(PathOf("b"), PathOf(outside)));
        Assert.True(File.Exists(_folder["b"]));
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public async Task A_reader_finds_a_file_while_it_is_renamed(bool isPortable)
    {
        using FileStorage storage = Whole(isPortable);
        TorrentFile file = FileStorageTests.Files(("t/a", 4))[0];
        const int atLeast = 100;
        int reads = 0;
        bool isRenamed = false;
        Task reading = Task.Run(ReadMeanwhile, TestContext.Current.CancellationToken);
        for (int renames = 0; (renames < atLeast || Volatile.Read(ref reads) < atLeast) && !reading.IsCompleted; renames++)
            Assert.Null(storage.Rename(file, $"t{renames % 2}/{renames % 3}", mustExist: true));
        Volatile.Write(ref isRenamed, true);
        await reading;

        void ReadMeanwhile()
        {
            while (!Volatile.Read(ref isRenamed))
            {
                storage.Close();
                Assert.Null(Read(storage));
                Assert.Null(storage.FindLoss());
                Volatile.Write(ref reads, reads + 1);
            }
        }
    }

    [Fact]
    public void A_link_leads_to_its_file_whatever_name_that_gets()
    {
        TorrentFile[] files = FileStorageTests.Files(("t/a", 4), ("t/link", 0));
        files[1] = files[1] with { SymlinkTarget = "t/a" };
        using FileStorage storage = new(FileStorageTests.Options(_folder.Path, _handles, 16, files));
        Assert.Null(WriteAt(storage, 0, "text"u8.ToArray()));
        Assert.Null(storage.Prepare());
        Assert.Equal("text", File.ReadAllText(_folder["t/link"]));
        Assert.Null(storage.Rename(files[0], "other/name", mustExist: true));
        Assert.Equal("text", File.ReadAllText(_folder["t/link"]));
        File.Delete(_folder["t/link"]);
        Assert.Null(storage.Prepare());
        Assert.Equal("../other/name", new FileInfo(_folder["t/link"]).LinkTarget);
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void A_file_that_grows_shrinks_or_disappears_is_noticed(bool isPortable)
    {
        using FileStorage storage = Whole(isPortable);
        File.AppendAllText(_folder["t/a"], "more");
        Assert.Null(Read(storage));
        Assert.Equal(8, storage.GetStamps()[0].Length);
        File.WriteAllText(_folder["t/a"], "x");
        Assert.Equal(StorageErrorKind.Missing, Read(storage)?.Kind);
        File.Delete(_folder["t/a"]);
        storage.Close();
        Assert.Equal(StorageErrorKind.Missing, Read(storage)?.Kind);
        Assert.Equal(StorageErrorKind.Missing, storage.FindLoss()?.Kind);
    }

    [Fact]
    public void State_files_and_their_folder_are_open_only_to_their_user()
    {
        Requires.That(!OperatingSystem.IsWindows(), "Windows does not have these permissions.");
        foreach (IFileSystem system in (IFileSystem[])[SystemFiles.Instance, new PortableFileSystem()])
        {
            string root = _folder[system.GetType().Name + "/deep/state"];
            RootFolder.Create(system, root, isPrivate: true);
            system.Open(new FilePath(root, "file"), FileOpening.CreatePrivate).Dispose();
#pragma warning disable CA1416 // Skipped on Windows.
            Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(root));
            Assert.Equal((UnixFileMode)0b110_000_000, File.GetUnixFileMode(Path.Combine(root, "file")));
#pragma warning restore CA1416
        }
    }

    [Fact]
    public void An_unwanted_file_takes_space_only_for_its_part_of_a_piece()
    {
        Requires.That(OperatingSystem.IsLinux(), "Only Linux and FreeBSD report holes.");
        TorrentFile[] files = FileStorageTests.Files(("t/unwanted", 3_500_000), ("t/wanted", 600_000));
        using FileStorage storage = new(
            FileStorageTests.Options(_folder.Path, _handles, 1 << 20, files) with { Preallocation = Preallocation.Full });
        Assert.Null(storage.Prepare([0]));
        Assert.Null(WriteAt(storage, 3 << 20, new byte[1 << 19]));
        Assert.Equal(Extent.Hole, storage.ExtentOf(0, 3 << 20));
        Assert.Equal(Extent.Data, storage.ExtentOf(3 << 20, 1 << 19));
    }

    public void Dispose()
    {
        _handles.Dispose();
        _folder.Dispose();
        _outside.Dispose();
    }

    private static IFileSystem SystemOf(bool isPortable) => isPortable ? new PortableFileSystem() : SystemFiles.Instance;

    private FilePath PathOf(string name) => new(_folder.Path, name);

    private FileStorage Whole(bool isPortable)
    {
        TorrentFile[] files = FileStorageTests.Files(("t/a", 4), ("t/b", 4));
        FileStorage storage = new(FileStorageTests.Options(_folder.Path, _handles, 16, files) with { System = SystemOf(isPortable) });
        Assert.Null(WriteAt(storage, 0, new byte[8]));
        Assert.Null(storage.Flush());
        storage.Close();
        storage.Expect(storage.GetStamps());
        return storage;
    }

    private static StorageError? Write(FileStorage storage) => WriteAt(storage, 0, new byte[4]);

    private static unsafe StorageError? WriteAt(FileStorage storage, long offset, byte[] content)
    {
        fixed (byte* bytes = content)
            return storage.Write(offset, [new IoBuffer((nint)bytes, content.Length)]);
    }

    private static unsafe StorageError? Read(FileStorage storage)
    {
        byte[] content = new byte[4];
        fixed (byte* bytes = content)
            return storage.Read(0, [new IoBuffer((nint)bytes, content.Length)]);
    }
}
