using Freshet.Loops;

namespace Freshet.Tests.Loops;

public class AsyncSignalTests
{
    [Fact]
    public async Task A_signal_before_the_wait_is_kept_and_many_count_as_one()
    {
        AsyncSignal signal = new();
        signal.Set();
        signal.Set();
        Task first = signal.WaitAsync().AsTask();
        Assert.True(first.IsCompleted);
        Task second = signal.WaitAsync().AsTask();
        Assert.False(second.IsCompleted);
        signal.Set();
        await second.Bounded();
    }

    [Fact]
    public async Task No_signal_is_lost_between_threads()
    {
        const int Count = 100_000;
        AsyncSignal ping = new();
        AsyncSignal pong = new();
        Task far = Task.Run(
            async () =>
            {
                for (int i = 0; i < Count; i++)
                {
                    await ping.WaitAsync();
                    pong.Set();
                }
            },
            TestContext.Current.CancellationToken);
        Task near = Task.Run(
            async () =>
            {
                for (int i = 0; i < Count; i++)
                {
                    ping.Set();
                    await pong.WaitAsync();
                }
            },
            TestContext.Current.CancellationToken);
        await Task.WhenAll(far, near).Bounded();
    }
}
