using Freshet.Api;
using Freshet.Daemon.Http;
using Freshet.Daemon.Running;

namespace Freshet.Daemon.Tests.Running;

public class FolderLooksTests
{
    private static readonly FolderInfo Some = new() { Path = "/", Folders = [], FreeSpace = null, TotalSpace = null };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_disk_that_does_not_answer_holds_few_threads_and_is_told()
    {
        using ManualResetEventSlim end = new();
        int looks = 0;
        FolderLooks folders = new(
            _ =>
            {
                Interlocked.Increment(ref looks);
                end.Wait(Patience.Bound, CancellationToken.None);
                return Some;
            },
            TimeSpan.FromMilliseconds(100));
        ApiException[] refused = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            i => Assert.ThrowsAsync<ApiException>(() => folders.LookAsync($"/dead/{i % 10}", Token))));
        Assert.All(refused, e => Assert.Equal((503, "not-available"), (e.Status, e.Code)));
        Assert.InRange(looks, 1, Bounds.MaxFolderLooks);
        end.Set();
        await Patience.Until(() => folders.LookAsync("/dead/0", Token).ContinueWith(
            look => look.IsCompletedSuccessfully, Token, TaskContinuationOptions.None, TaskScheduler.Default).GetAwaiter().GetResult());
    }

    [Theory]
    [InlineData(typeof(DirectoryNotFoundException), 404, "not-found")]
    [InlineData(typeof(IOException), 500, "storage")]
    [InlineData(typeof(UnauthorizedAccessException), 500, "storage")]
    public async Task A_folder_that_cannot_be_read_is_no_bug(Type thrown, int status, string code)
    {
        FolderLooks folders = new(_ => throw (Exception)Activator.CreateInstance(thrown)!, Patience.Bound);
        ApiException e = await Assert.ThrowsAsync<ApiException>(() => folders.LookAsync("/data", Token));
        Assert.Equal((status, code), (e.Status, e.Code));
    }
}
