using System.Net;
using Freshet.Core.Rates;

namespace Freshet.Simulation;

/// <summary>
/// One end of a connection. Bytes leave as fast as the host's line takes them, and arrive in order after the latency, as fast as the other
/// line takes them, cut at any position. They are never lost, only late. While the path is cut they wait, and neither end knows.
/// </summary>
internal sealed class SimSocket(SimClock clock, Random random, SimNetwork network, SimHost host, IPEndPoint remote)
{
    private const int Room = 64 * 1024;
    private static readonly TimeSpan RetransmitAfter = TimeSpan.FromMilliseconds(200);

    private readonly Queue<byte[]> _held = new();
    private readonly Queue<byte[]?> _late = new();
    private SimSocket _other = null!;
    private Timestamp _lastArrival;
    private int _queued;

    public SimHost Host => host;

    public IPEndPoint Remote => remote;

    public ISimSocketOwner? Owner { get; set; }

    public bool IsClosed { get; private set; }

    /// <summary>Whether the socket accepts more now.</summary>
    public bool IsWritable => !IsClosed && _queued < Room;

    private bool IsOpenWay => network.IsOpen(host, _other.Host);

    public static void Join(SimSocket one, SimSocket other)
    {
        one._other = other;
        other._other = one;
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (IsClosed || bytes.IsEmpty)
            return;

        // Streams have no boundaries: now and then, one send arrives as two.
        int cut = bytes.Length > 1 && random.Next(4) == 0 ? random.Next(1, bytes.Length) : 0;
        if (cut > 0)
            Transmit(bytes[..cut].ToArray());
        Transmit(bytes[cut..].ToArray());
    }

    /// <summary>Closes both ends; the other one notices it after what was sent before.</summary>
    public void Close()
    {
        if (IsClosed)
            return;
        IsClosed = true;
        SimSocket other = _other;
        clock.At(ArrivalOf(clock.Now), () => other.Take(null));
    }

    /// <summary>What waited for the path to be open continues.</summary>
    public void Resume()
    {
        while (IsOpenWay && _late.TryDequeue(out byte[]? bytes))
            Deliver(bytes);
        while (IsOpenWay && !host.IsStalled && _held.TryDequeue(out byte[]? bytes))
            Transmit(bytes);
    }

    private void Transmit(byte[] bytes)
    {
        if (host.IsStalled || !IsOpenWay)
        {
            _held.Enqueue(bytes);
            return;
        }

        _queued += bytes.Length;
        Timestamp begins = host.UplinkFreeAt > clock.Now ? host.UplinkFreeAt : clock.Now;
        Timestamp leaves = begins + TimeSpan.FromSeconds(bytes.Length / (double)host.Uplink.BytesPerSecond);
        host.UplinkFreeAt = leaves;
        clock.At(leaves, () => OnLeft(bytes.Length));
        SimSocket other = _other;
        clock.At(other.Host.Receive(ArrivalOf(leaves), bytes.Length), () => other.Take(bytes));
    }

    private Timestamp ArrivalOf(Timestamp leaves)
    {
        TimeSpan late = host.Jitter * random.NextDouble();
        if (random.NextDouble() < host.Loss)
            late += RetransmitAfter;
        Timestamp arrives = leaves + host.Latency + _other.Host.LatencyIn + late;
        _lastArrival = arrives > _lastArrival ? arrives : _lastArrival;
        return _other.Host.DownlinkFreeAt > _lastArrival ? _other.Host.DownlinkFreeAt : _lastArrival;
    }

    private void OnLeft(int bytes)
    {
        bool wasWritable = IsWritable;
        _queued -= bytes;
        if (!wasWritable && IsWritable)
            Owner?.OnWritable();
    }

    // Null means that the other end has closed.
    private void Take(byte[]? bytes)
    {
        if (!IsOpenWay || _late.Count > 0)
            _late.Enqueue(bytes);
        else
            Deliver(bytes);
    }

    private void Deliver(byte[]? bytes)
    {
        if (IsClosed)
            return;
        if (bytes is not null)
        {
            Owner?.OnReceived(bytes);
            return;
        }

        IsClosed = true;
        Owner?.OnClosed();
    }
}
