using Freshet.Core.Rates;
using Freshet.Core.Utp;

namespace Freshet.Simulation.Lines;

/// <summary>A machine with one socket and everything that uses uTP on it, with its own clock.</summary>
internal sealed class LineHost : IUtpEffects<LineAddress>
{
    private readonly LineWorld _world;
    private readonly LineHostOptions _options;
    private readonly long _began;
    private long _wakes = long.MaxValue;

    public LineHost(LineWorld world, LineAddress address, LineHostOptions options)
    {
        _world = world;
        _options = options;
        _began = world.Now;
        Address = address;
        byte[] secret = new byte[32];
        world.Random.NextBytes(secret);
        UtpMachineOptions machine = new()
        {
            MaxConnections = options.MaxConnections,
            AcceptsIncoming = options.AcceptsIncoming,
            Secret = secret,
        };
        Machine = new UtpMachine<LineAddress>(this, machine, new Random(world.Random.Next()));
    }

    public LineAddress Address { get; }

    public UtpMachine<LineAddress> Machine { get; }

    public Line Uplink { get; set; } = null!;

    /// <summary>Connections that others have opened.</summary>
    public List<LineStream> Accepted { get; } = [];

    /// <summary>Datagrams that it has sent.</summary>
    public long Sent { get; private set; }

    /// <summary>How often its timer has woken it.</summary>
    public long Wakes { get; private set; }

    /// <summary>
    /// How far the timestamps in its packets are ahead of its clock, as if somebody had set the clock of the machine.
    /// </summary>
    public TimeSpan ToldAhead { get; set; }

    /// <summary>The time on its clock.</summary>
    public Timestamp Now
    {
        get
        {
            long passed = _world.Now - _began;
            return new Timestamp(_began + passed + (long)(passed * _options.ClockDrift / 1e6) + _options.ClockOffset.Ticks);
        }
    }

    public LineStream Connect(LineHost target)
    {
        LineStream stream = new(this);
        UtpConnection connection = Machine.Connect(target.Address, stream, Now)
            ?? throw new InvalidOperationException("There are too many connections.");
        stream.Open(connection);
        EndBatch();
        return stream;
    }

    public void Receive(ReadOnlySpan<byte> datagram, LineAddress from)
    {
        if (UtpHeader.IsPacket(datagram))
            Machine.OnDatagram(datagram, from, Now);
        EndBatch();
    }

    /// <summary>The application has something to send, or has read something.</summary>
    public void Touch(UtpConnection connection)
    {
        Machine.Touch(connection);
        EndBatch();
    }

    public void OnWake()
    {
        // It was to wake at this time before an earlier time was set.
        if (_world.Now < _wakes)
            return;
        _wakes = long.MaxValue;
        Wakes++;
        if (Machine.NextDeadline <= Now)
            Machine.OnDeadline(Now);
        SetTimer();
    }

    bool IUtpEffects<LineAddress>.TrySend(ReadOnlySpan<byte> datagram, LineAddress target, LineAddress? own, bool dontFragment)
    {
        Sent++;
        if (ToldAhead == TimeSpan.Zero)
            _world.Send(this, datagram, target, dontFragment);
        else
            SendByWrongClock(datagram, target, dontFragment);
        return true;
    }

    IUtpStream? IUtpEffects<LineAddress>.Accept(LineAddress sender) => new LineStream(this);

    void IUtpEffects<LineAddress>.OnAccepted(IUtpStream stream, UtpConnection connection)
    {
        LineStream accepted = (LineStream)stream;
        accepted.Open(connection);
        Accepted.Add(accepted);
    }

    private void SendByWrongClock(ReadOnlySpan<byte> datagram, LineAddress target, bool dontFragment)
    {
        UtpHeader header = UtpHeader.Read(datagram);
        uint ahead = (uint)(long)ToldAhead.TotalMicroseconds;
        Span<byte> told = stackalloc byte[datagram.Length];
        datagram.CopyTo(told);
        (header with
        {
            Timestamp = header.Timestamp + ahead,
            TimestampDifference = header.TimestampDifference + ahead,
        }).Write(told, (UtpExtension)datagram[1]);
        _world.Send(this, told, target, dontFragment);
    }

    private void EndBatch()
    {
        Machine.OnBatchEnd(Now);
        SetTimer();
    }

    private void SetTimer()
    {
        Timestamp next = Machine.NextDeadline;
        if (next == Timestamp.Never)
            return;
        long at = _world.Now + Math.Max((long)((next - Now).Ticks / (1 + (_options.ClockDrift / 1e6))) + 1, 1);
        if (at >= _wakes)
            return;
        _wakes = at;
        _world.Wake(this, at);
    }
}
