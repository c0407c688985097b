using Freshet.Core.Metainfo;
using Freshet.FileSystem;
using Freshet.Persistence;
using Freshet.SimulatedFiles;

namespace Freshet.Tests.Persistence;

/// <summary>The right to write: whatever goes wrong, there are never two who have it.</summary>
public sealed class DataClaimTests : IDisposable
{
    private static readonly InfoHash Hash =
        InfoHash.TryParseHex("0123456789abcdef0123456789abcdef01234567", out InfoHash hash) ? hash : default;

    private readonly TemporaryFolder _folder = new();

    private string LockPath => _folder[$".{Hash}.freshet-lock"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Another_user_of_the_folder_is_refused_as_well(bool isPortable)
    {
        IFileSystem system = SystemOf(isPortable);
        Requires.That(Environment.IsPrivilegedProcess && LinuxFileSystem.IsSupported, "Only root can act for two users.");
        Open(_folder.Path);
        using DataClaim? held = DataClaim.TryTake(system, Hash, _folder.Path, out _);
        Assert.NotNull(held);
        FreshetException refused = Assert.Throws<FreshetException>(() => Unprivileged.Run(
            () => DataClaim.TryTake(system, Hash, _folder.Path, out StorageError? _)));
        Assert.Equal(FreshetError.Locked, refused.Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_lock_file_that_another_user_left_is_taken_over(bool isPortable)
    {
        IFileSystem system = SystemOf(isPortable);
        Requires.That(Environment.IsPrivilegedProcess && LinuxFileSystem.IsSupported, "Only root can act for two users.");
        Open(_folder.Path);
        File.WriteAllText(LockPath, "");
        Unprivileged.Run(() =>
        {
            using DataClaim? taken = DataClaim.TryTake(system, Hash, _folder.Path, out StorageError? trouble);
            Assert.Null(trouble);
            Assert.Throws<FreshetException>(() => DataClaim.TryTake(system, Hash, _folder.Path, out _));
            return taken;
        });
        Assert.False(File.Exists(LockPath));
    }

    [Theory]
    [InlineData(false, "it belongs to root")]
    [InlineData(true, "it belongs to another user")]
    public void Without_rights_to_the_lock_file_there_is_no_claim_and_the_reason_is_known(bool isPortable, string owner)
    {
        IFileSystem system = SystemOf(isPortable);
        Requires.That(Environment.IsPrivilegedProcess && LinuxFileSystem.IsSupported, "Only root can act for two users.");
        Open(_folder.Path);
        File.WriteAllText(LockPath, "");
        Allow(LockPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        StorageError? trouble = Unprivileged.Run(() =>
        {
            Assert.Null(DataClaim.TryTake(system, Hash, _folder.Path, out StorageError? found));
            return found;
        });
        Assert.Equal(StorageErrorKind.PermissionDenied, trouble!.Kind);
        Assert.StartsWith($"Cannot lock {LockPath}: {owner}", trouble.Message, StringComparison.Ordinal);
        Assert.Contains("delete the file", trouble.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Errno.NoSpace, nameof(StorageErrorKind.DiskFull), "the disk is full")]
    [InlineData(Errno.TooManyOpenFiles, nameof(StorageErrorKind.TooManyOpenFiles), "more files are open")]
    [InlineData(Errno.ReadOnly, nameof(StorageErrorKind.ReadOnly), "read-only")]
    public void What_a_disk_refuses_is_reported_and_may_pass(int error, string kind, string words)
    {
        SimulatedFileSystem system = new();
        system.Put("/data", new NamedEntry(FileKind.Folder));
        system.Fails = call => call.Operation == FileOperation.Open ? error : null;
        Assert.Null(DataClaim.TryTake(system, Hash, "/data", out StorageError? trouble));
        Assert.Equal(kind, trouble!.Kind.ToString());
        Assert.Contains(words, trouble.Message, StringComparison.Ordinal);
        system.Fails = null;
        using DataClaim? claim = DataClaim.TryTake(system, Hash, "/data", out trouble);
        Assert.NotNull(claim);
        Assert.Null(trouble);
    }

    [Theory]
    [InlineData(37)]
    [InlineData(38)]
    [InlineData(95)]
    public void Where_files_cannot_be_locked_it_is_granted_with_a_caution(int error)
    {
        Requires.That(OperatingSystem.IsLinux(), "The numbers are Linux's.");
        SimulatedFileSystem system = new();
        system.Put("/data", new NamedEntry(FileKind.Folder));
        system.Fails = call => call.Operation == FileOperation.Open ? error : null;
        using DataClaim? claim = DataClaim.TryTake(system, Hash, "/data", out StorageError? trouble);
        Assert.Null(trouble);
        Assert.Contains("The file system of /data cannot lock files", claim!.Caution, StringComparison.Ordinal);
        system.Fails = null;
        using DataClaim? other = DataClaim.TryTake(system, Hash, "/data", out _);
        Assert.Null(other!.Caution);
    }

    [Fact]
    public void A_lock_file_that_a_network_file_system_lets_only_its_owner_lock_belongs_to_somebody_else()
    {
        IOException refused = Errno.OfLock(Errno.BadHandle, "/data/lock");
        Assert.Equal(StorageErrorKind.PermissionDenied, StorageError.From(refused, "lock", "/data/lock").Kind);
        Assert.True(Errno.IsLocked(Errno.OfLock(Errno.WouldBlock, "/data/lock").HResult));
    }

    [Fact]
    public void Of_many_who_take_it_and_give_it_up_only_one_ever_has_it()
    {
        Requires.That(LinuxFileSystem.IsSupported, "Elsewhere the identity of an open file is not known.");
        const int Rounds = 3_000;
        int holders = 0;
        int most = 0;
        int taken = 0;
        StorageError? refused = null;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (int round = 0; round < Rounds; round++)
            {
                try
                {
                    using DataClaim? claim = DataClaim.TryTake(SystemFiles.Instance, Hash, _folder.Path, out StorageError? trouble);
                    if (claim is null)
                    {
                        refused = trouble;
                        continue;
                    }

                    int now = Interlocked.Increment(ref holders);
                    InterlockedMax(ref most, now);
                    Interlocked.Increment(ref taken);
                    Thread.Yield();
                    Interlocked.Decrement(ref holders);
                }
                catch (FreshetException)
                {
                    // Another has it, and is given time to go on.
                    Thread.Yield();
                }
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Null(refused?.Message);
        Assert.Equal(1, most);
        Assert.True(taken >= threads.Length, $"only {taken} were taken");
    }

    public void Dispose() => _folder.Dispose();

    private static IFileSystem SystemOf(bool isPortable) => isPortable ? new PortableFileSystem() : SystemFiles.Instance;

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (value > seen && Interlocked.CompareExchange(ref target, value, seen) != seen)
            seen = Volatile.Read(ref target);
    }

    private static void Allow(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
    }

    private static void Open(string folder) => Allow(
        folder,
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupWrite
            | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);
}
