using System.Text;
using Freshet.Core.Peers;

namespace Freshet.Fuzz.Targets;

/// <summary>
/// Lists of blocked addresses: any bytes can be read, the result does not depend on how they are divided, and bad lines are counted.
/// </summary>
internal sealed class BlocklistTarget : IFuzzTarget
{
    public string Name => "blocklist";

    public IReadOnlyList<byte[]> Words { get; } = [.. new[]
    {
        "\n", "\r\n", "-", " - ", ":", "::", "/", ",", " , 100 , ", " , 128 , ", "#", "//", ";", "0.0.0.0", "255.255.255.255", "/0", "/32",
        "/128", "001.002.003.004", "::ffff:", "2001:db8::", "%", "name:", "1.2.3.4-1.2.3.5",
    }.Select(Encoding.ASCII.GetBytes)];

    public IEnumerable<byte[]> Seeds => new[]
    {
        "# list\n192.0.2.0/24\n192.0.2.1-192.0.2.9\n2001:db8::/32\n",
        "001.002.004.000 - 001.002.004.255 , 100 , Some name\n001.002.005.000 - 001.002.005.255 , 200 , allowed\n",
        "Some: name - of 1999:1.2.3.4-1.2.3.6\nName:2001:db8::1-2001:db8::9\nbad",
    }.Select(Encoding.ASCII.GetBytes);

    public void Run(ReadOnlySpan<byte> input)
    {
        BlocklistReader whole = new();
        whole.Feed(input);
        Blocklist list = whole.Finish();
        BlocklistReader portions = new();
        for (int at = 0; at < input.Length; at += 7)
            portions.Feed(input[at..Math.Min(at + 7, input.Length)]);
        Blocklist again = portions.Finish();
        FuzzException.Require(
            list.Ranges.Count == again.Ranges.Count && list.Errors.SequenceEqual(again.Errors),
            "the result must not depend on how the bytes are divided");
        FuzzException.Require(
            list.BadLines + list.Ranges.Count <= input.Count((byte)'\n') + 1, "a line must be one range or one error at most");
    }
}
