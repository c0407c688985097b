using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Freshet.Tracker.Swarms;

namespace Freshet.Tracker.Udp;

/// <summary>
/// Answers from the address that was asked (<c>IP_PKTINFO</c>), on a socket of all addresses: the system would send from the address that
/// the route prefers, and whoever has asked another one drops that answer.
/// </summary>
internal sealed unsafe class LinuxAnsweringSocket : AnsweringSocket
{
    // A sockaddr_in6; a control message with an address of ours: its header, and for IPv6 the address before the number of the interface.
    private const int AddressSize = 28;
    private const int ControlSize = 64;
    private const int ControlHeaderLength = 16;
    private const int InterfaceAtV6 = ControlHeaderLength + 16;

    private readonly SocketAddress _sender;
    private readonly byte[] _name = GC.AllocateArray<byte>(AddressSize, pinned: true);
    private readonly byte[] _control = GC.AllocateArray<byte>(ControlSize, pinned: true);
    private uint _nameLength;
    private nuint _controlLength;

    public LinuxAnsweringSocket(Socket socket)
        : base(socket)
    {
        _sender = new SocketAddress(socket.AddressFamily);
        socket.SetRawSocketOption(
            IsV6 ? Native.IPv6 : Native.IP,
            IsV6 ? Native.IPv6ReceivePacketInfo : Native.PacketInfo,
            BitConverter.GetBytes(1));
    }

    private bool IsV6 => Socket.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>Whether a socket has more addresses than one, and the system tells which of them was asked.</summary>
    public static bool IsOfUseFor(Socket socket) =>
        OperatingSystem.IsLinux() && nint.Size == 8 && BitConverter.IsLittleEndian
        && socket.LocalEndPoint is IPEndPoint { Address: { } address }
        && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    public override int Receive(byte[] datagram, out PeerAddress sender)
    {
        nint length;
        fixed (byte* bytes = datagram, name = _name, control = _control)
        {
            Native.Vector vector = new() { Base = bytes, Length = (nuint)datagram.Length };
            Native.Message message = new()
            {
                Name = name,
                NameLength = AddressSize,
                Vectors = &vector,
                VectorCount = 1,
                Control = control,
                ControlLength = ControlSize,
            };
            do
                length = Native.ReceiveMessage(Socket.SafeHandle, &message, 0);
            while (length < 0 && Marshal.GetLastPInvokeError() == Native.Interrupted);
            _nameLength = message.NameLength;
            _controlLength = length < 0 ? 0 : message.ControlLength;
        }

        if (length < 0 || _nameLength > _sender.Buffer.Length)
            throw new SocketException((int)SocketError.SocketError);
        _name.AsSpan(0, (int)_nameLength).CopyTo(_sender.Buffer.Span);
        LeaveRouteOpen();
        sender = PeerAddress.From(_sender);
        return (int)length;
    }

    public override void Answer(ReadOnlySpan<byte> answer)
    {
        fixed (byte* bytes = answer, name = _name, control = _control)
        {
            Native.Vector vector = new() { Base = bytes, Length = (nuint)answer.Length };
            Native.Message message = new()
            {
                Name = name,
                NameLength = _nameLength,
                Vectors = &vector,
                VectorCount = 1,
                Control = _controlLength > 0 ? control : null,
                ControlLength = _controlLength,
            };
            if (Native.SendMessage(Socket.SafeHandle, &message, 0) < 0)
                throw new SocketException((int)SocketError.SocketError);
        }
    }

    // What was received is sent back, without the interface, so that the route decides on that. Nobody sends from the address of a group.
    private void LeaveRouteOpen()
    {
        if (_controlLength < ControlHeaderLength + sizeof(int) || (IsV6 && _controlLength < InterfaceAtV6 + sizeof(int)))
            _controlLength = 0;
        else if (IsV6 && _control[ControlHeaderLength] == 0xFF)
            _controlLength = 0;
        else
            _control.AsSpan(IsV6 ? InterfaceAtV6 : ControlHeaderLength, sizeof(int)).Clear();
    }
}
