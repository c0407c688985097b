using System.Runtime.Versioning;
using System.Text;
using Freshet.Daemon.Security;
using Freshet.FileSystem;

namespace Freshet.Daemon.Tests.Security;

public class PrivateFolderTests
{
    [Fact]
    public void A_file_has_its_new_name_and_bytes_before_its_folder_is_flushed()
    {
        using TemporaryFolder folder = new();
        List<(string Folder, string? Bytes)> flushed = [];
        PrivateFolder files = new(folder["state"], path => flushed.Add((path, TextIn(folder["state/daemon/settings.json"]))));
        Assert.Equal([(folder[""].TrimEnd('/'), null), (folder["state"], null)], flushed);
        flushed.Clear();
        files.Write("settings.json", "first"u8);
        files.Write("settings.json", "second"u8);
        Assert.Equal([(files.Path, "first"), (files.Path, "second")], flushed);
    }

    [Fact]
    public void What_could_not_be_flushed_is_not_acknowledged()
    {
        using TemporaryFolder folder = new();
        bool fails = false;
        PrivateFolder files = new(folder["state"], _ =>
        {
            if (fails)
                throw new IOException("the disk fails");
        });
        fails = true;
        Assert.Throws<FreshetException>(() => files.Write("settings.json", "x"u8));
        Assert.Null(files.Read("settings.json"));
        fails = false;
        files.Write("settings.json", "old"u8);
        fails = true;
        Assert.Throws<FreshetException>(() => files.Write("settings.json", "new"u8));
        Assert.Equal("old", TextIn(folder["state/daemon/settings.json"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [UnsupportedOSPlatform("windows")]
    public void A_file_that_cannot_be_read_can_be_replaced(bool fails)
    {
        using TemporaryFolder folder = new();
        bool mayFail = false;
        PrivateFolder files = new(folder["state"], _ =>
        {
            if (mayFail)
                throw new IOException("the disk fails");
        });
        string path = folder["state/daemon/token"];
        File.CreateSymbolicLink(path, path);
        Assert.Throws<FreshetException>(() => files.Read("token"));
        mayFail = fails;
        if (fails)
        {
            FreshetException e = Assert.Throws<FreshetException>(() => files.Write("token", "new"u8));
            Assert.Contains("the disk fails", e.Message, StringComparison.Ordinal);
        }
        else
        {
            files.Write("token", "new"u8);
        }

        Assert.Equal(fails ? null : "new", TextIn(path));
        Assert.Null(new FileInfo(path).LinkTarget);
    }

    [Fact]
    public void All_folders_that_are_new_are_flushed_into_the_one_above_and_one_that_may_not_be_read_is_no_failure()
    {
        using TemporaryFolder folder = new();
        List<string> flushed = [];
        PrivateFolder files = new(folder["a/b/state"], path =>
        {
            flushed.Add(path);
            throw new UnauthorizedAccessException();
        });
        Assert.Equal([folder[""].TrimEnd('/'), folder["a"], folder["a/b"], folder["a/b/state"]], flushed);
        Assert.True(Directory.Exists(files.Path));
    }

    [Theory]
    [InlineData("a/b/state")]
    [InlineData("a/b/state/")]
    public void The_state_folder_and_its_own_folder_are_their_users_alone(string name)
    {
        Requires.That(!OperatingSystem.IsWindows(), "Windows does not have these permissions.");
        using TemporaryFolder folder = new();
        PrivateFolder files = new(folder[name]);
#pragma warning disable CA1416 // Skipped on Windows.
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(folder["a/b/state"]));
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(files.Path));
#pragma warning restore CA1416
    }

    [Theory]
    [InlineData(22, true)]
    [InlineData(95, true)]
    [InlineData(5, false)]
    [InlineData(30, false)]
    public void A_file_system_that_has_nothing_to_flush_of_a_folder_is_no_failure(int error, bool isHarmless)
    {
        Requires.That(OperatingSystem.IsLinux(), "The numbers are Linux's.");
        Assert.Equal(isHarmless, DiskFlush.IsHarmless(error));
    }

    [Fact]
    public void A_folder_is_flushed_and_one_that_is_not_there_is_a_failure()
    {
        using TemporaryFolder folder = new();
        FolderFlush.Flush(folder[""]);
        Assert.Throws<IOException>(() => FolderFlush.Flush(folder["missing"]));
    }

    private static string? TextIn(string path) => File.Exists(path) ? Encoding.UTF8.GetString(File.ReadAllBytes(path)) : null;
}
