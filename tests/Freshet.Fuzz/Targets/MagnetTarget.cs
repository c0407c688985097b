using System.Text;
using Freshet.Core.Metainfo;

namespace Freshet.Fuzz.Targets;

/// <summary>Magnet links: what is read is printed so that it reads back the same.</summary>
internal sealed class MagnetTarget : IFuzzTarget
{
    private const string Hash = "c12fe1c06bba254a9dc9f519b335aa7c1367a88a";

    public string Name => "magnet";

    public IReadOnlyList<byte[]> Words { get; } = [.. new[]
    {
        "&", "=", "magnet:?", "&xt=urn:btih:" + Hash, "&xt=urn:btmh:1220", "&tr=", "&tr.1=http%3A%2F%2Fx", "&ws=http://w/",
        "&x.pe=1.2.3.4:5", "&x.pe=[::1]:1", "&so=1-2,3", "&dn=", "%", "%00", "%ff", "%25", "%E2%82%AC", "+", "&amp;", "udp://x:1",
        ",", "-", "[", "]", ":", "@", "#",
    }.Select(Encoding.ASCII.GetBytes)];

    public IEnumerable<byte[]> Seeds => new[]
    {
        "magnet:?xt=urn:btih:" + Hash,
        "magnet:?xt=urn:btih:YEX6DQDLXISUVHOJ6UM3GNNKPQJWPKEK&dn=a+b%20c",
        $"magnet:?xt=urn:btih:{Hash}&xt=urn:btmh:1220{Hash}{Hash[..24]}&dn=%E2%82%AC&tr=http%3A%2F%2Ft.example%2Fa%3Fb%3D1"
            + "&tr.2=udp://u.example:80&ws=http://w.example/"
            + "&x.pe=10.0.0.1:6881&x.pe=[2001:db8::1]:1&so=0,2,4,6-8",
    }.Select(Encoding.ASCII.GetBytes);

    public void Run(ReadOnlySpan<byte> input)
    {
        string text = Encoding.UTF8.GetString(input);
        if (!MagnetLink.TryParse(text, out MagnetLink? link, out string? error))
        {
            FuzzException.Require(error.Length > 0, "an error must say why");
            return;
        }

        string printed = link.ToString();
        FuzzException.Require(MagnetLink.TryParse(printed, out MagnetLink? again, out error), $"what is printed must be readable: {error}");
        FuzzException.Require(again.ToString() == printed, $"what is printed must read back the same");
        FuzzException.Require(
            link.SelectedFiles.All(range => range.First <= range.Last && range.First >= 0), "ranges of files must be ranges");
    }
}
