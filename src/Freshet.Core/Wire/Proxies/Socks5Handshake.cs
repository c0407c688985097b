using System.Net;
using System.Text;

namespace Freshet.Core.Wire.Proxies;

/// <summary>
/// Asks a SOCKS5 proxy to connect to a target, or to relay datagrams (RFC 1928), with user name and password if required (RFC 1929).
/// </summary>
/// <remarks>
/// <code>
/// 1 → 05, number of methods, methods (00 none, 02 user and password)    ← 05, method
/// 2 → 01, length, user, length, password                                ← 01, 00 if they are right
/// 3 → 05, command, 00, address                                          ← 05, reply, 00, address
/// </code>
/// </remarks>
internal sealed class Socks5Handshake : ProxyHandshake
{
    private const byte Version = 5;
    private const byte PasswordVersion = 1;
    private const byte NoAuthentication = 0;
    private const byte UserAndPassword = 2;
    private const byte NoMethod = 0xFF;
    private const byte ConnectCommand = 1;
    private const byte AssociateCommand = 3;
    private const int ReplyCode = 2;
    private const int ReplyHead = 3;

    private readonly byte[] _buffer = new byte[ReplyHead + Socks5Address.MaxLength];
    private readonly byte _command;
    private readonly EndPoint _target;
    private readonly string? _user;
    private readonly string _password;
    private int _received;
    private int _wanted = 2;
    private Stage _stage;

    private Socks5Handshake(byte command, EndPoint target, string? user, string? password)
    {
        (_command, _target, _user, _password) = (command, target, user, password ?? "");

        // Without a password, that method is not offered: some proxies then refuse at once instead of asking for it.
        Send(user is null ? [Version, 1, NoAuthentication] : [Version, 2, NoAuthentication, UserAndPassword]);
    }

    private enum Stage
    {
        Method,
        Password,
        Reply,
    }

    /// <summary>
    /// The address in the proxy's reply: where to send datagrams, if it relays them. A host name becomes the address 0.0.0.0.
    /// </summary>
    public IPEndPoint? Bound { get; private set; }

    /// <summary>Asks for a connection to a target.</summary>
    /// <param name="target">The target.</param>
    /// <param name="user">The user name, or null.</param>
    /// <param name="password">The password, or null.</param>
    public static Socks5Handshake Connect(EndPoint target, string? user, string? password) =>
        new(ConnectCommand, target, user, password);

    /// <summary>
    /// Asks the proxy to relay datagrams, from whatever port we send them, for as long as this connection lasts (section 7).
    /// </summary>
    public static Socks5Handshake Associate(string? user, string? password) =>
        new(AssociateCommand, new IPEndPoint(IPAddress.Any, 0), user, password);

    public override int OnReceived(ReadOnlySpan<byte> bytes)
    {
        int consumed = 0;
        while (Next == ProxyStep.Receive && consumed < bytes.Length)
        {
            int count = Math.Min(_wanted - _received, bytes.Length - consumed);
            bytes.Slice(consumed, count).CopyTo(_buffer.AsSpan(_received));
            _received += count;
            consumed += count;
            if (_received == _wanted)
                Advance();
        }

        return consumed;
    }

    private void Advance()
    {
        switch (_stage)
        {
            case Stage.Method:
                OnMethod();
                break;
            case Stage.Password when _buffer[0] != PasswordVersion:
                Fail(ProxyFailure.Proxy, "answered user and password with something that is not RFC 1929");
                break;
            case Stage.Password when _buffer[1] != 0:
                Fail(ProxyFailure.Proxy, "does not accept this user name and password");
                break;
            case Stage.Password:
                Ask();
                break;
            default:
                OnReply();
                break;
        }
    }

    private void OnMethod()
    {
        if (_buffer[0] != Version)
            Fail(ProxyFailure.Proxy, "does not speak SOCKS5");
        else if (_buffer[1] == NoAuthentication)
            Ask();
        else if (_buffer[1] == UserAndPassword && _user is not null)
            Authenticate();
        else if (_buffer[1] == NoMethod)
            Fail(ProxyFailure.Proxy, _user is null ? "wants a user name and a password" : "lets nobody in by user name and password");
        else
            Fail(ProxyFailure.Proxy, "chose a way to log in that was not offered");
    }

    private void Authenticate()
    {
        byte[] user = Encoding.UTF8.GetBytes(_user!);
        byte[] password = Encoding.UTF8.GetBytes(_password);
        Expect(Stage.Password, 2);
        Send([PasswordVersion, (byte)user.Length, .. user, (byte)password.Length, .. password]);
    }

    private void Ask()
    {
        byte[] request = new byte[ReplyHead + Socks5Address.MaxLength];
        (request[0], request[1], request[2]) = (Version, _command, 0);
        int length = ReplyHead + Socks5Address.Write(request.AsSpan(ReplyHead), _target);

        Expect(Stage.Reply, ReplyCode);
        Send(request[..length]);
    }

    private void OnReply()
    {
        if (_buffer[0] != Version)
        {
            Fail(ProxyFailure.Proxy, "answered with something that is not SOCKS5");
            return;
        }

        // Some proxies send no more than the code when they refuse.
        if (_buffer[1] != 0)
        {
            (ProxyFailure failure, string words) = Refusal(_buffer[1]);
            Fail(failure, words);
            return;
        }

        // This much of the reply is needed to determine its length.
        if (_received < ReplyHead + 2)
        {
            _wanted = ReplyHead + 2;
            return;
        }

        int whole = Socks5Address.LengthOf(_buffer.AsSpan(ReplyHead));
        if (whole == 0)
        {
            Fail(ProxyFailure.Proxy, "answered with a kind of address that there is not");
        }
        else if (_received < ReplyHead + whole)
        {
            _wanted = ReplyHead + whole;
        }
        else
        {
            Bound = Socks5Address.Read(_buffer.AsSpan(ReplyHead, whole));
            Finish();
        }
    }

    private void Expect(Stage stage, int count) => (_stage, _received, _wanted) = (stage, 0, count);

    private (ProxyFailure Failure, string Words) Refusal(byte code) => code switch
    {
        2 => (ProxyFailure.Proxy, "does not allow it by its rules"),
        3 => (ProxyFailure.Unreachable, "cannot reach that network"),
        4 => (ProxyFailure.Unreachable, "cannot reach that host"),
        5 => (ProxyFailure.Refused, "was refused the connection"),
        6 => (ProxyFailure.TimedOut, "got no answer from there"),
        7 => (ProxyFailure.Unsupported, _command == AssociateCommand ? "relays no UDP" : "opens no connections"),
        8 => (ProxyFailure.Unreachable, "does not support this type of address"),
        _ => (ProxyFailure.Unreachable, "could not connect, and does not say why"),
    };
}
