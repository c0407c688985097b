using Freshet.Core.Metainfo;
using Freshet.FileSystem;
using Freshet.Persistence;
using Freshet.SimulatedFiles;

namespace Freshet.Tests.Persistence;

/// <summary>The right to write: whatever goes wrong, there are never two who have it.</summary>
public sealed class DataClaimTests : IDisposable
{
    private const int NoLocks = 37;

    private static readonly InfoHash Hash =
        InfoHash.TryParseHex("0123456789abcdef0123456789abcdef01234567", out InfoHash hash) ? hash : default;

    private readonly TemporaryFolder _folder = new();

    private string LockPath => _folder[$".{Hash}.freshet-lock"];

    [Fact]
    public void Another_user_of_the_folder_is_refused_as_well()
    {
        Requires.That(Environment.IsPrivilegedProcess && LinuxFileSystem.IsSupported, "Only root can act for two users.");
        Open(_folder.Path);
        using DataClaim? held = DataClaim.TryTake(SystemFiles.Instance, Hash, _folder.Path, out _);
        Assert.NotNull(held);
        FreshetException refused = Assert.Throws<FreshetException>(() => Unprivileged.Run(
            () => DataClaim.TryTake(SystemFiles.Instance, Hash, _folder.Path, out StorageError? _)));
        Assert.Equal(FreshetError.Locked, refused.Error);
    }

    [Fact]
    public void A_lock_file_that_another_user_left_is_taken_over()
    {
        Requires.That(Environment.IsPrivilegedProcess && LinuxFileSystem.IsSupported, "Only root can act for two users.");
        Open(_folder.Path);
        File.WriteAllText(LockPath, "");
        Unprivileged.Run(() =>
        {
            using DataClaim? taken = DataClaim.TryTake(SystemFiles.Instance, Hash, _folder.Path, out StorageError? trouble);
            Assert.Null(trouble);
            Assert.Throws<FreshetException>(() => DataClaim.TryTake(SystemFiles.Instance, Hash, _folder.Path, out _));
            return taken;
        });
        Assert.False(File.Exists(LockPath));
    }

    [Fact]
    public void Without_rights_to_the_lock_file_there_is_no_claim_and_the_reason_is_known()
    {
        Requires.That(Environment.IsPrivilegedProcess && LinuxFileSystem.IsSupported, "Only root can act for two users.");
        Open(_folder.Path);
        File.WriteAllText(LockPath, "");
        Allow(LockPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        StorageError? trouble = Unprivileged.Run(() =>
        {
            Assert.Null(DataClaim.TryTake(SystemFiles.Instance, Hash, _folder.Path, out StorageError? found));
            return found;
        });
        Assert.Equal(StorageErrorKind.PermissionDenied, trouble!.Kind);
    }

    [Theory]
    [InlineData(Errno.NoSpace, nameof(StorageErrorKind.DiskFull), "the disk is full")]
    [InlineData(Errno.TooManyOpenFiles, nameof(StorageErrorKind.TooManyOpenFiles), "more files are open")]
    [InlineData(Errno.ReadOnly, nameof(StorageErrorKind.ReadOnly), "read-only")]
    [InlineData(NoLocks, nameof(StorageErrorKind.Other), "cannot lock files")]
    public void What_a_disk_refuses_is_told_and_passes(int error, string kind, string words)
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
