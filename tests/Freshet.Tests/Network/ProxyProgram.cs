using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Freshet.Core.Wire.Proxies;
using Freshet.Interop.Running;

namespace Freshet.Tests.Network;

/// <summary>A common proxy program, as a process on loopback with a configuration of its own. It ends when it is disposed of.</summary>
internal sealed class ProxyProgram : IDisposable
{
    public const string User = "me";
    public const string Password = "a secret";

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = Ports.Next();
    private Process? _process;

    private ProxyProgram()
    {
    }

    /// <summary>Starts one; the test is skipped if it is not installed.</summary>
    /// <param name="program">Its name in Debian, without the protocol that it serves.</param>
    /// <param name="wantsPassword">Whether it admits only <see cref="User"/>.</param>
    public static async Task<ProxyProgram> StartAsync(string program, bool wantsPassword)
    {
        ProxyProgram proxy = new();
        try
        {
            ProcessStartInfo info = proxy.Describe(program, wantsPassword);
            (info.RedirectStandardError, info.RedirectStandardOutput) = (true, true);
            proxy._process = Process.Start(info)!;
            proxy._process.BeginErrorReadLine();
            proxy._process.BeginOutputReadLine();
            await Patience.Until(() => proxy.Answers());
            return proxy;
        }
        catch (Win32Exception)
        {
            proxy.Dispose();
            Requires.Skip($"{program} is not installed (Debian: apt-get install dante-server microsocks tinyproxy).");
            return proxy;
        }
    }

    public ProxyOptions Options(ProxyKind kind, string? user = null, string? password = null) =>
        new() { Kind = kind, Host = "127.0.0.1", Port = _port, UserName = user, Password = password };

    public void Dispose()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            _process.Dispose();
        }

        _folder.Dispose();
    }

    private ProcessStartInfo Describe(string program, bool wantsPassword)
    {
        switch (program)
        {
            case "microsocks":
                string[] login = wantsPassword ? ["-u", User, "-P", Password] : [];
                return new ProcessStartInfo("microsocks", ["-i", "127.0.0.1", "-p", $"{_port}", .. login]);
            case "tinyproxy":
                return new ProcessStartInfo("tinyproxy", ["-d", "-c", Configure($"""
                    Port {_port}
                    Listen 127.0.0.1
                    Timeout 60
                    LogLevel Critical
                    {(wantsPassword ? $"BasicAuth {User} \"{Password}\"" : "")}
                    """)]);
            default:
                return new ProcessStartInfo("danted", ["-f", Configure($$"""
                    logoutput: /dev/null
                    internal: 127.0.0.1 port = {{_port}}
                    external: 127.0.0.1
                    clientmethod: none
                    socksmethod: none
                    client pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }
                    socks pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }
                    """), "-p", _folder["pid"]]);
        }
    }

    private string Configure(string text)
    {
        string path = _folder["configuration"];
        File.WriteAllText(path, text + "\n");
        return path;
    }

    private bool Answers()
    {
        Assert.False(_process!.HasExited, "The proxy has ended.");
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
