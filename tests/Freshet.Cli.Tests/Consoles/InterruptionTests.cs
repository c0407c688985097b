using System.Runtime.InteropServices;
using Freshet.Cli.Consoles;

namespace Freshet.Cli.Tests.Consoles;

public class InterruptionTests
{
    private readonly Clock _clock = new();
    private readonly List<int> _left = [];

    [Fact]
    public void The_first_signal_saves_and_ends_in_good_order()
    {
        using Interruption interruption = new(_clock, _left.Add);
        Send(interruption, PosixSignal.SIGTERM);
        Assert.True(interruption.Token.IsCancellationRequested);
        Assert.Equal(143, interruption.ExitCode);
        Assert.Empty(_left);
    }

    [Fact]
    public void Two_signals_at_once_count_as_one()
    {
        using Interruption interruption = new(_clock, _left.Add);
        Send(interruption, PosixSignal.SIGTERM);
        Send(interruption, PosixSignal.SIGTERM);
        _clock.Advance(TimeSpan.FromSeconds(0.9));
        Send(interruption, PosixSignal.SIGHUP);
        Assert.Empty(_left);
        Assert.Equal(143, interruption.ExitCode);
    }

    [Fact]
    public void A_second_signal_later_ends_the_process_at_once()
    {
        using Interruption interruption = new(_clock, _left.Add);
        Send(interruption, PosixSignal.SIGTERM);
        _clock.Advance(TimeSpan.FromSeconds(1.1));
        Send(interruption, PosixSignal.SIGINT);
        Assert.Equal([130], _left);
    }

    private static void Send(Interruption interruption, PosixSignal signal)
    {
        PosixSignalContext context = new(signal);
        interruption.OnSignal(context);
        Assert.True(context.Cancel);
    }

    private sealed class Clock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan time) => _now += time.Ticks;
    }
}
