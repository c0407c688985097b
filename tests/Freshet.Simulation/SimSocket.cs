using System.Net;
using Freshet.Core.Rates;

namespace Freshet.Simulation;

/// <summary>
/// One end of a connection. Bytes leave as fast as the host's line takes them, arrive in order after the latency, cut anywhere, and
/// are never lost, only late.
/// </summary>
internal sealed class SimSocket(SimClock clock, Random random, SimHost host, IPEndPoint remote)
{
    private const int Room = 64 * 1024;
    private static readonly TimeSpan RetransmitAfter = TimeSpan.FromMilliseconds(200);

    private readonly Queue<byte[]> _held = new();
    private SimSocket _other = null!;
    private Timestamp _lastArrival;
    private int _queued;

    public SimHost Host => host;

    public IPEndPoint Remote => remote;

    public ISimSocketOwner? Owner { get; set; }

    public bool IsClosed { get; private set; }

    /// <summary>Whether the socket takes more now.</summary>
    public bool IsWritable => !IsClosed && _queued < Room;

    public static void Join(SimSocket one, SimSocket other)
    {
        one._other = other;
        other._other = one;
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (IsClosed || bytes.IsEmpty)
            return;

        // Streams have no borders: now and then one send arrives as two.
        int cut = bytes.Length > 1 && random.Next(4) == 0 ? random.Next(1, bytes.Length) : 0;
        if (cut > 0)
            Transmit(bytes[..cut].ToArray());
        Transmit(bytes[cut..].ToArray());
    }

    /// <summary>Closes both ends; the other hears of it after what was sent before.</summary>
    public void Close()
    {
        if (IsClosed)
            return;
        IsClosed = true;
        SimSocket other = _other;
        clock.At(ArrivalOf(clock.Now), () => other.Hear());
    }

    /// <summary>What was held back while the host was stalled leaves now.</summary>
    public void Resume()
    {
        while (!host.IsStalled && _held.TryDequeue(out byte[]? bytes))
            Transmit(bytes);
    }

    private void Transmit(byte[] bytes)
    {
        if (host.IsStalled)
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
        clock.At(ArrivalOf(leaves), () => other.Take(bytes));
    }

    private Timestamp ArrivalOf(Timestamp leaves)
    {
        TimeSpan late = host.Jitter * random.NextDouble();
        if (random.NextDouble() < host.Loss)
            late += RetransmitAfter;
        Timestamp arrives = leaves + host.Latency + _other.Host.Latency + late;
        _lastArrival = arrives > _lastArrival ? arrives : _lastArrival;
        return _lastArrival;
    }

    private void OnLeft(int bytes)
    {
        bool wasWritable = IsWritable;
        _queued -= bytes;
        if (!wasWritable && IsWritable)
            Owner?.OnWritable();
    }

    private void Take(byte[] bytes)
    {
        if (!IsClosed && host.IsOnline)
            Owner?.OnReceived(bytes);
    }

    private void Hear()
    {
        if (IsClosed)
            return;
        IsClosed = true;
        Owner?.OnClosed();
    }
}
