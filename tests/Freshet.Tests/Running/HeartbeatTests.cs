using System.Collections.Concurrent;
using Freshet.Core.Rates;
using Freshet.Running;

namespace Freshet.Tests.Running;

public class HeartbeatTests
{
    /// <summary>An exception that escaped from a timer would end the process.</summary>
    [Fact]
    public async Task It_goes_on_after_a_fault_and_reports_it()
    {
        ConcurrentQueue<Timestamp> ticks = new();
        ConcurrentQueue<Exception> faults = new();
        using Heartbeat heartbeat = new(
            now =>
            {
                ticks.Enqueue(now);
                throw new InvalidOperationException("a bug");
            },
            faults.Enqueue,
            TimeProvider.System);
        await Patience.Until(() => faults.Count >= 3);
        Assert.All(faults, fault => Assert.Equal("a bug", fault.Message));
        Assert.Equal(ticks.Order(), ticks);
    }

    [Fact]
    public async Task It_goes_on_when_even_the_report_of_a_fault_fails()
    {
        int ticks = 0;
        int reports = 0;
        using Heartbeat heartbeat = new(
            _ =>
            {
                Interlocked.Increment(ref ticks);
                throw new InvalidOperationException("a bug");
            },
            fault =>
            {
                Interlocked.Increment(ref reports);
                throw new InvalidOperationException("the logger, about " + fault.Message);
            },
            TimeProvider.System);
        await Patience.Until(() => Volatile.Read(ref ticks) >= 3);
        Assert.True(Volatile.Read(ref reports) >= 2);
    }
}
