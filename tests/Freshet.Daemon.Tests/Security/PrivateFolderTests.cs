using System.Text;
using Freshet.Daemon.Security;

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
