using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Freshet.Network;

/// <summary>
/// Sends a queue with <c>sendmmsg</c>. Consecutive datagrams of equal length to one target (the last may be shorter) are combined into one
/// message that the kernel or the network card splits (GSO), if supported.
/// </summary>
internal sealed unsafe class DatagramSender
{
    private const int AddressSize = 28;
    private const int MostMessages = 64;

    // As many as the kernel takes, and no more than fit into the length of one IP packet.
    private const int MostMerged = 64;
    private const int MostMergedBytes = 65_000;

    private readonly Socket _socket;
    private readonly FragmentOption _fragments;
    private readonly byte[] _targets = GC.AllocateArray<byte>(MostMessages * AddressSize, pinned: true);
    private readonly Native.IoVector[] _vectors = GC.AllocateArray<Native.IoVector>(NetworkLimits.MaxQueuedDatagrams, pinned: true);
    private readonly byte[] _controls = GC.AllocateArray<byte>(MostMessages * ControlMessages.Size, pinned: true);
    private readonly Native.MessageHeader[] _headers = GC.AllocateArray<Native.MessageHeader>(MostMessages, pinned: true);
    private bool _canMerge;

    /// <param name="socket">What sends.</param>
    /// <param name="fragments">Whether what it sends may be fragmented.</param>
    /// <param name="canMerge">Whether the kernel splits what is combined.</param>
    public DatagramSender(Socket socket, FragmentOption fragments, bool canMerge)
    {
        _socket = socket;
        _fragments = fragments;
        _canMerge = canMerge;
    }

    /// <summary>As <see cref="DatagramSocket.Send"/>.</summary>
    public int Send(DatagramQueue queue)
    {
        int failed = 0;
        bool merges = _canMerge;
        while (queue.Count > 0)
        {
            int messages = Prepare(queue, merges);
            _fragments.Refuse(queue.DontFragment(0));
            Native.MessageHeader* headers = (Native.MessageHeader*)Marshal.UnsafeAddrOfPinnedArrayElement(_headers, 0);
            int sent = Native.SendMessages(_socket.SafeHandle, headers, (uint)messages, Native.DontWait);
            int error = sent < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (sent > 0)
            {
                for (int i = 0; i < sent; i++)
                    queue.Remove((int)_headers[i].VectorCount);
                merges = _canMerge;
            }
            else if (error is Native.WouldBlock or Native.NoBufferSpace)
            {
                return failed;
            }
            else if (error != Native.Interrupted && _headers[0].VectorCount > 1)
            {
                // Too long to be sent in one piece, which the system fragments only by itself, or a card without GSO: send each one
                // separately.
                _canMerge &= error != Native.InputOutputError;
                merges = false;
            }
            else if (error is Native.Invalid or Native.AddressNotAvailable or Native.NetworkUnreachable && queue.SourceOf(0) is not null)
            {
                // The address that it was to leave by is gone, or nothing leads there from it.
                queue.ClearSource();
            }
            else if (error != Native.Interrupted)
            {
                // No route, too long, or forbidden: a problem of this datagram only.
                queue.Remove(1);
                failed++;
                merges = _canMerge;
            }
        }

        return failed;
    }

    /// <summary>Makes messages of the first datagrams of a queue that may be fragmented, or may not; returns how many.</summary>
    private int Prepare(DatagramQueue queue, bool merges)
    {
        int messages = 0;
        for (int next = 0; next < queue.Count && messages < MostMessages; messages++)
        {
            if (queue.DontFragment(next) != queue.DontFragment(0))
                break;
            int count = merges ? Mergeable(queue, next) : 1;
            Fill(queue, next, count, messages);
            next += count;
        }

        return messages;
    }

    private void Fill(DatagramQueue queue, int next, int count, int message)
    {
        for (int i = next; i < next + count; i++)
        {
            Memory<byte> bytes = queue.BytesOf(i);
            byte* address = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(ArrayOf(bytes, out int at), at);
            _vectors[i] = new Native.IoVector { Base = address, Length = (ulong)bytes.Length };
        }

        UdpAddress target = queue.TargetOf(next);
        Span<byte> native = _targets.AsSpan(message * AddressSize, AddressSize);
        BitConverter.TryWriteBytes(native, (ushort)(target.IsV6 ? 10 : 2));
        target.Write(native);
        Span<byte> control = _controls.AsSpan(message * ControlMessages.Size, ControlMessages.Size);
        int controlled = count > 1 ? ControlMessages.WriteSegment(control, queue.LengthOf(next)) : 0;
        if (queue.SourceOf(next) is { } source)
            controlled += ControlMessages.WriteSource(control[controlled..], source);
        byte* controls = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_controls, message * ControlMessages.Size);
        _headers[message] = new Native.MessageHeader
        {
            Name = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_targets, message * AddressSize),
            NameLength = target.IsV6 ? 28u : 16u,
            Vectors = (Native.IoVector*)Marshal.UnsafeAddrOfPinnedArrayElement(_vectors, next),
            VectorCount = (ulong)count,
            Control = controlled > 0 ? controls : null,
            ControlLength = (ulong)controlled,
        };
    }

    private static byte[] ArrayOf(Memory<byte> bytes, out int offset)
    {
        MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> segment);
        offset = segment.Offset;
        return segment.Array!;
    }

    private static int Mergeable(DatagramQueue queue, int first)
    {
        int length = queue.LengthOf(first);
        UdpAddress target = queue.TargetOf(first);
        UdpAddress? source = queue.SourceOf(first);
        int count = 1;
        int bytes = length;
        while (first + count < queue.Count && count < MostMerged && length > 0)
        {
            int next = queue.LengthOf(first + count);
            if (next == 0 || next > length || bytes + next > MostMergedBytes || queue.TargetOf(first + count) != target
                || queue.SourceOf(first + count) != source || queue.DontFragment(first + count) != queue.DontFragment(first))
                break;
            bytes += next;
            count++;
            if (next < length)
                break;
        }

        return count;
    }
}
