using Freshet.Daemon.Http;
using Freshet.Daemon.Running;
using Freshet.Daemon.Security;

namespace Freshet.Daemon.Tests.Running;

public class DiskLooksTests
{
    private static readonly string[] Mounted =
    [
        "21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
        "22 21 0:30 / /dead rw - nfs4 server:/dead rw",
        @"23 21 8:2 / /with\040space rw - ext4 /dev/sdb1 rw",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_disk_that_does_not_answer_holds_one_thread_and_no_other_disk()
    {
        using ManualResetEventSlim end = new();
        int looks = 0;
        DiskLooks disks = new(TimeSpan.FromMilliseconds(100));
        await Patience.Until(() =>
        {
            _ = disks.LookAsync("/dead", Look, Token);
            return Volatile.Read(ref looks) > 0;
        });
        ApiException[] refused = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            _ => Assert.ThrowsAsync<ApiException>(() => disks.LookAsync("/dead", Look, Token))));
        Assert.All(refused, e => Assert.Equal((503, "not-available"), (e.Status, e.Code)));
        Assert.Equal(1, looks);
        Assert.True(await InTimeAsync(() => disks.LookAsync("/", () => true, Token)));
        Assert.Equal(1, looks);
        end.Set();
        Assert.True(await InTimeAsync(() => disks.LookAsync("/dead", () => true, Token)));

        bool Look()
        {
            Interlocked.Increment(ref looks);
            return end.Wait(Patience.Bound, CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_disk_that_has_been_silent_for_long_is_refused_at_once()
    {
        using ManualResetEventSlim end = new();
        DiskLooks disks = new(TimeSpan.FromMilliseconds(200));
        using ManualResetEventSlim begun = new();
        await Patience.Until(() =>
        {
            _ = disks.LookAsync("/dead", Hang, Token);
            return begun.IsSet;
        });
        await Patience.Until(() => disks.LookAsync("/dead", () => true, Token).IsFaulted);
        end.Set();

        bool Hang()
        {
            begun.Set();
            return end.Wait(Patience.Bound, CancellationToken.None);
        }
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/deadline/x", "/")]
    [InlineData("/dead", "/dead")]
    [InlineData("/dead/x/y", "/dead")]
    [InlineData("/with space/x", "/with space")]
    public void The_disk_of_a_path_is_known_without_asking_it(string path, string disk) =>
        Assert.Equal(disk, MountTable.Parse(Mounted).Of(path));

    [Fact]
    public void The_kernel_says_where_disks_are_mounted() =>
        Assert.Equal("/proc", MountTable.Read().Of("/proc/self"));

    [Fact]
    public async Task A_link_to_a_disk_that_does_not_answer_holds_up_only_who_follows_it()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["data/good"]);
        Directory.CreateDirectory(folder["dead"]);
        Directory.CreateSymbolicLink(folder["data/link"], folder["dead"]);
        DiskLooks looks = new(TimeSpan.FromMilliseconds(200));
        FolderPaths paths = new(
            new AllowedFolders([folder["data"], folder["dead"]], [folder["dead"] + "/watch"]), looks,
            () => MountTable.Parse([$"21 1 8:1 / / rw - ext4 a rw", $"22 21 8:2 / {folder["dead"]} rw - nfs4 b rw"]));
        Assert.Equal(
            folder["data/link/x"], await InTimeAsync(() => paths.ResolveForFilesAsync("link/x", folder["data"], Token)));

        using ManualResetEventSlim end = new();
        using ManualResetEventSlim begun = new();
        await Patience.Until(() =>
        {
            _ = looks.LookAsync(folder["dead"], Hang, Token);
            return begun.IsSet;
        });
        ApiException e = await Assert.ThrowsAsync<ApiException>(() => paths.ResolveAsync("link/x", folder["data"], Token));
        Assert.Equal("not-available", e.Code);

        // The watch folder there does not keep torrents from being stored elsewhere.
        Assert.Equal(folder["data/good"], await InTimeAsync(() => paths.ResolveForFilesAsync("good", folder["data"], Token)));
        end.Set();

        bool Hang()
        {
            begun.Set();
            return end.Wait(Patience.Bound, CancellationToken.None);
        }
    }

    // A disk that answers may be refused on a machine that has no time for it, and is asked again; one that hangs would be forever.
    private static async Task<T> InTimeAsync<T>(Func<Task<T>> ask)
    {
        long began = Environment.TickCount64;
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (ApiException e) when (e.Code == "not-available" && Environment.TickCount64 - began < Patience.Bound.TotalMilliseconds)
            {
                await Task.Yield();
            }
        }
    }
}
