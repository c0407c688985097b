using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Freshet.Throughput.Bottlenecks;

/// <summary>
/// One direction of a bottleneck: a thread reads packets from one device and decides when each arrives, or that it does not; another writes
/// them to the other device at that moment. Packets wait in memory that is allocated once. One that others are to overtake waits aside
/// until they have come, or until it is due and none comes.
/// </summary>
internal sealed partial class Direction : IDisposable
{
    private const int Slot = 1_536;
    private const int Slots = 32 * 1024;
    private const int LookMilliseconds = 20;
    private const int MostOvertaking = 8;
    private const uint NapMicroseconds = 200;
    private const byte TcpProtocol = 6;
    private const byte UdpProtocol = 17;
    private const int ProtocolAt = 9;

    private readonly TunDevice _from;
    private readonly TunDevice _to;
    private readonly double _ticksPerByte;
    private readonly long _latency;
    private readonly long _longestQueue;
    private readonly double _loss;
    private readonly double _reordered;
    private readonly Random _random = new(1);
    private readonly byte[] _packets = GC.AllocateUninitializedArray<byte>(Slot * Slots);
    private readonly int[] _lengths = new int[Slots];
    private readonly long[] _due = new long[Slots];
    private readonly byte[] _aside = new byte[Slot];
    private readonly Thread[] _threads;
    private int _asideLength;
    private int _overtaking;
    private long _asideDue;
    private long _written;
    private long _read;
    private long _busyUntil;
    private long _udp;
    private long _tcp;
    private long _dropped;
    private volatile bool _isEnding;

    public Direction(TunDevice from, TunDevice to, BottleneckOptions options, double loss)
    {
        _from = from;
        _to = to;
        _ticksPerByte = Stopwatch.Frequency / options.BytesPerSecond;
        _latency = Ticks(options.RoundTrip / 2);
        _longestQueue = Ticks(options.Queue);
        _loss = loss;
        _reordered = options.Reordered;
        _threads = [new Thread(Take) { IsBackground = true }, new Thread(Deliver) { IsBackground = true }];
        Array.ForEach(_threads, static thread => thread.Start());
    }

    /// <summary>Bytes of UDP that have passed, with all headers.</summary>
    public long Udp => Volatile.Read(ref _udp);

    /// <summary>Bytes of TCP that have passed, with all headers.</summary>
    public long Tcp => Volatile.Read(ref _tcp);

    /// <summary>Packets that found the queue full.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>How long a packet that comes now waits.</summary>
    public TimeSpan Queueing
    {
        get
        {
            long wait = Volatile.Read(ref _busyUntil) - Stopwatch.GetTimestamp();
            return TimeSpan.FromSeconds(Math.Max(wait, 0) / (double)Stopwatch.Frequency);
        }
    }

    public void Dispose()
    {
        _isEnding = true;
        Array.ForEach(_threads, static thread => thread.Join());
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    private void Take()
    {
        while (!_isEnding)
        {
            int slot = (int)(_read % Slots);
            int length = _from.Read(_packets.AsSpan(slot * Slot, Slot));
            if (length == 0)
            {
                if (_asideLength > 0 && Stopwatch.GetTimestamp() >= _asideDue)
                    Rejoin(_asideDue);
                _from.Wait(_asideLength > 0 ? 1 : LookMilliseconds);
                continue;
            }

            if (Pass(length, _packets[(slot * Slot) + ProtocolAt]) is not { } due)
                continue;
            if (_asideLength == 0 && _reordered > 0 && _random.NextDouble() < _reordered)
            {
                _packets.AsSpan(slot * Slot, length).CopyTo(_aside);
                (_asideLength, _asideDue, _overtaking) = (length, due, _random.Next(1, MostOvertaking + 1));
                continue;
            }

            Enqueue(length, due);
            if (_asideLength > 0 && --_overtaking == 0)
                Rejoin(due);
        }
    }

    private void Rejoin(long due)
    {
        // If the memory is full it is lost, as any packet is then.
        if (_read - Volatile.Read(ref _written) < Slots - 1)
        {
            _aside.AsSpan(0, _asideLength).CopyTo(_packets.AsSpan((int)(_read % Slots) * Slot));
            Enqueue(_asideLength, due);
        }
        else
        {
            _dropped++;
        }

        _asideLength = 0;
    }

    // The packet is in the memory of the next slot.
    private void Enqueue(int length, long due)
    {
        int slot = (int)(_read % Slots);
        (_lengths[slot], _due[slot]) = (length, due);
        Volatile.Write(ref _read, _read + 1);
    }

    private long? Pass(int length, byte protocol)
    {
        long now = Stopwatch.GetTimestamp();
        long begins = Math.Max(_busyUntil, now);
        if (begins - now > _longestQueue || _read - Volatile.Read(ref _written) >= Slots - 1)
        {
            _dropped++;
            return null;
        }

        Volatile.Write(ref _busyUntil, begins + (long)(length * _ticksPerByte));
        if (protocol == UdpProtocol)
            Volatile.Write(ref _udp, _udp + length);
        else if (protocol == TcpProtocol)
            Volatile.Write(ref _tcp, _tcp + length);
        return _random.NextDouble() < _loss ? null : _busyUntil + _latency;
    }

    // Naps are coarser than packets, so those that are due within one are late by less than that.
    private void Deliver()
    {
        while (!_isEnding)
        {
            int slot = (int)(_written % Slots);
            if (_written == Volatile.Read(ref _read) || _due[slot] > Stopwatch.GetTimestamp())
            {
                _ = Nap(NapMicroseconds);
                continue;
            }

            _to.Write(_packets.AsSpan(slot * Slot, _lengths[slot]));
            Volatile.Write(ref _written, _written + 1);
        }
    }

    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int Nap(uint microseconds);
}
