using Freshet.Api;
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

    [Fact]
    public async Task A_look_takes_no_thread_of_the_pool()
    {
        DiskLooks disks = new(Patience.Bound);
        Assert.False(await disks.LookAsync("/", () => Thread.CurrentThread.IsThreadPoolThread, Token));
    }

    [Fact]
    public async Task Disks_that_nobody_looks_at_are_forgotten()
    {
        DiskLooks disks = new(Patience.Bound);
        for (int i = 0; i < Bounds.MaxIdleDisks * 3; i++)
            await disks.LookAsync($"/disk {i}", () => true, Token);
        Assert.InRange(disks.Remembered, 1, Bounds.MaxIdleDisks + 1);
    }

    [Fact]
    public async Task A_disk_never_has_two_looks_at_once_however_many_others_there_are()
    {
        DiskLooks disks = new(Patience.Bound);
        using ManualResetEventSlim end = new();

        // With these, every request forgets the disks that nobody looks at just then.
        Task<bool>[] silent = [.. Enumerable.Range(0, Bounds.MaxIdleDisks + 1).Select(
            i => disks.LookAsync($"/silent {i}", () => end.Wait(Patience.Bound, CancellationToken.None), Token))];
        int[] under = new int[4];
        int most = 0;
        await Task.WhenAll(Enumerable.Range(0, under.Length * 2).Select(asker => Task.Run(
            async () =>
            {
                int disk = asker / 2;
                for (int i = 0; i < 250; i++)
                    await disks.LookAsync($"/busy {disk}", () => Look(disk), Token);
            },
            Token))).Bounded();
        end.Set();
        await Task.WhenAll(silent).Bounded();
        Assert.Equal(1, most);

        bool Look(int disk)
        {
            InterlockedMax(ref most, Interlocked.Increment(ref under[disk]));
            Thread.Yield();
            Interlocked.Decrement(ref under[disk]);
            return true;
        }
    }

    private static void InterlockedMax(ref int most, int number)
    {
        for (int seen = Volatile.Read(ref most); number > seen;)
        {
            int before = Interlocked.CompareExchange(ref most, number, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }

    [Fact]
    public async Task Saved_settings_are_checked_except_for_the_path_whose_disk_does_not_respond()
    {
        using TemporaryFolder folder = new();
        using ManualResetEventSlim end = new();
        DiskLooks looks = new(TimeSpan.FromMilliseconds(200));
        FolderPaths paths = new(
            new AllowedFolders([folder["data"], "/dead"], []), looks, () => MountTable.Parse(Mounted));
        Directory.CreateDirectory(folder["data"]);
        using ManualResetEventSlim begun = new();
        await Patience.Until(() =>
        {
            _ = looks.LookAsync("/dead", Hang, Token);
            return begun.IsSet;
        });
        SessionChange kept = new() { DownloadFolder = folder["data"], IncompleteFolder = "/dead/incomplete", MaxUploadRate = 1 };
        ApiException refused = await Assert.ThrowsAsync<ApiException>(() => CheckedAsync(kept, []));
        Assert.Equal(["maxUploadRate"], refused.Errors!.Keys);

        // It is asked again if the machine had no time for the other disk.
        List<string> unseen = [];
        SessionChange change = kept;
        await Patience.Until(() =>
        {
            unseen.Clear();
            change = CheckedAsync(kept with { MaxUploadRate = null }, unseen).GetAwaiter().GetResult();
            return unseen.Count == 1;
        });
        Assert.StartsWith("incompleteFolder (/dead/incomplete)", unseen[0], StringComparison.Ordinal);
        Assert.Equal("/dead/incomplete", change.IncompleteFolder);
        ApiException e = await Assert.ThrowsAsync<ApiException>(() => CheckedAsync(kept with { MaxUploadRate = null }, null));
        Assert.Equal("not-available", e.Code);
        end.Set();

        async Task<SessionChange> CheckedAsync(SessionChange wanted, List<string>? notSeen)
        {
            (SessionChange full, Dictionary<string, string> errors) =
                await SettingsRules.CheckAsync(wanted, paths, folder["data"], notSeen, Token);
            return errors.Count == 0 ? full : throw ApiException.InvalidValues(errors);
        }

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
    public async Task A_link_to_a_disk_that_does_not_answer_holds_up_only_those_who_follow_it()
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
        await Patience.Until(() => paths.ResolveAsync("link/x", folder["data"], Token)
            is { } asked && Assert.ThrowsAsync<ApiException>(() => asked).GetAwaiter().GetResult() is { Code: "not-available" } e
            && e.Message.Contains(folder["dead"], StringComparison.Ordinal));

        // The watch folder there does not prevent torrents from being stored elsewhere.
        Assert.Equal(folder["data/good"], await InTimeAsync(() => paths.ResolveForFilesAsync("good", folder["data"], Token)));
        end.Set();

        bool Hang()
        {
            begun.Set();
            return end.Wait(Patience.Bound, CancellationToken.None);
        }
    }

    // On a busy machine a disk that answers may be refused, and is asked again; a disk that hangs would be refused forever.
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
