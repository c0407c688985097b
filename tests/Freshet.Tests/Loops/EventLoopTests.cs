using Freshet.Loops;

namespace Freshet.Tests.Loops;

public class EventLoopTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Items_run_one_at_a_time_and_in_order()
    {
        const int Count = 10_000;
        EventLoop loop = new(e => Assert.Fail(e.ToString()));
        TaskCompletionSource done = new();
        int inside = 0;
        List<int> seen = [];
        for (int i = 0; i < Count; i++)
        {
            int number = i;
            loop.Post(() =>
            {
                Assert.Equal(1, Interlocked.Increment(ref inside));
                loop.AssertCurrent();
                seen.Add(number);
                Interlocked.Decrement(ref inside);
                if (number == Count - 1)
                    done.SetResult();
            });
        }

        await done.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, Count), seen);
    }

    [Fact]
    public async Task Items_posted_from_many_threads_all_run()
    {
        EventLoop loop = new(e => Assert.Fail(e.ToString()));
        TaskCompletionSource done = new();
        int ran = 0;
        Parallel.For(0, 4_000, _ => loop.Post(() =>
        {
            if (++ran == 4_000)
                done.SetResult();
        }));
        await done.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void An_idle_loop_runs_on_the_thread_that_posts_to_it()
    {
        EventLoop loop = new(e => Assert.Fail(e.ToString()));
        int ranOn = 0;
        loop.PostAndRun(new Item(() =>
        {
            loop.AssertCurrent();
            ranOn = Environment.CurrentManagedThreadId;
        }));
        Assert.Equal(Environment.CurrentManagedThreadId, ranOn);
        Assert.Throws<InvalidOperationException>(() => loop.AssertCurrent());
    }

    [Fact]
    public async Task A_loop_that_runs_elsewhere_is_not_run_here_at_the_same_time()
    {
        EventLoop loop = new(e => Assert.Fail(e.ToString()));
        TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource done = new();
        using ManualResetEventSlim leave = new();
        bool isFirstOver = false;
        loop.Post(() =>
        {
            entered.SetResult();
            leave.Wait(Patience);
            isFirstOver = true;
        });
        await entered.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        bool hasRun = false;
        loop.PostAndRun(new Item(() =>
        {
            hasRun = isFirstOver;
            done.SetResult();
        }));
        Assert.False(hasRun);
        leave.Set();
        await done.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.True(hasRun);
    }

    [Fact]
    public async Task Items_run_one_at_a_time_whoever_runs_the_loop()
    {
        const int Count = 20_000;
        EventLoop loop = new(e => Assert.Fail(e.ToString()));
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int ran = 0;
        Item item = new(() =>
        {
            loop.AssertCurrent();
            if (++ran == Count)
                done.SetResult();
        });
        Parallel.For(0, Count, i =>
        {
            if (i % 3 == 0)
                loop.Post(item);
            else
                loop.PostAndRun(item);
        });
        await done.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_item_that_throws_is_reported_and_the_next_one_runs()
    {
        TaskCompletionSource<Exception> fault = new();
        TaskCompletionSource next = new();
        EventLoop loop = new(fault.SetResult);
        loop.Post(() => throw new InvalidOperationException("a bug"));
        loop.Post(next.SetResult);
        await next.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal("a bug", (await fault.Task).Message);
    }

    /// <summary>Faults end up in the host's logger, which may have a fault of its own.</summary>
    [Fact]
    public async Task A_reporter_that_throws_does_not_end_the_loop()
    {
        EventLoop loop = new(e => throw new InvalidOperationException("the logger, about " + e.Message));
        loop.PostAndRun(new Item(() => throw new InvalidOperationException("a bug")));
        TaskCompletionSource onPool = new(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(onPool.SetResult);
        await onPool.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        bool hasRun = false;
        loop.PostAndRun(new Item(() => hasRun = true));
        Assert.True(hasRun);
    }

    [Fact]
    public void Calls_from_outside_are_refused() =>
        Assert.Throws<InvalidOperationException>(() => new EventLoop(_ => { }).AssertCurrent());

    private sealed class Item(Action action) : ILoopItem
    {
        public void Run() => action();
    }
}
