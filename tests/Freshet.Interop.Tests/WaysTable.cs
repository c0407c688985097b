using System.Text;

namespace Freshet.Interop.Tests;

/// <summary>
/// The table on the page of features: the ways by which data went between Freshet and each other client, as <see cref="WayRecords"/> has
/// them.
/// </summary>
internal static class WaysTable
{
    private static readonly string[] Columns =
        ["Freshet downloads, and dials", "downloads, and is dialled", "seeds, and dials", "seeds, and is dialled"];

    private static readonly string[] Policies =
        [EncryptionCases.Disabled, EncryptionCases.Allowed, EncryptionCases.Preferred, EncryptionCases.Required];

    /// <summary>The table in Markdown, with a row for each client, transport, and encryption setting of the client.</summary>
    public static string Build(IEnumerable<(WayCase Case, string Result)> records)
    {
        StringBuilder table = new("| client | transport | its encryption | ");
        table.AppendJoin(" | ", Columns).Append(" |\n").Append('|').Insert(table.Length, "---|", Columns.Length + 3).Append('\n');
        ILookup<Row, (WayCase Case, string Result)> rows =
            records.ToLookup(static record => new Row(record.Case.Kind, record.Case.Transport, record.Case.Theirs));
        foreach (Row of in rows.Select(static row => row.Key)
            .OrderBy(static row => row.Kind.ToString(), StringComparer.Ordinal).ThenBy(static row => row.Transport)
            .ThenBy(static row => row.Theirs))
        {
            IEnumerable<(WayCase Case, string Result)> row = rows[of];
            table.Append($"| {NameOf(of.Kind)} | {(of.Transport == WayCase.Utp ? "uTP" : "TCP")} | {Told(of.Kind, of.Theirs)} | ");
            table.AppendJoin(" | ", Enumerable.Range(0, Columns.Length).Select(column => Cell(row, column))).Append(" |\n");
        }

        return table.ToString();
    }

    private static string Cell(IEnumerable<(WayCase Case, string Result)> row, int column) => string.Join(", ", row
        .Where(record => ColumnOf(record.Case) == column)
        .OrderBy(record => Array.IndexOf(Policies, record.Case.Ours))
        .Select(record => $"`{record.Case.Ours}`: {record.Result.Replace(" repeated", "*", StringComparison.Ordinal)}"));

    private static int ColumnOf(WayCase tried) => (tried.Downloads ? 0 : 2) + (tried.WeDial ? 0 : 1);

    private static string NameOf(ClientKind kind) => kind switch
    {
        ClientKind.Aria2 => "aria2",
        ClientKind.Libtorrent => "libtorrent",
        ClientKind.QBittorrent => "qBittorrent",
        ClientKind.RTorrent => "rTorrent",
        _ => kind.ToString(),
    };

    private static string Told(ClientKind kind, ClientEncryption theirs) => (kind, theirs) switch
    {
        (ClientKind.Aria2, ClientEncryption.Plain) => "accepted",
        (ClientKind.Transmission, ClientEncryption.Plain) => "not preferred",
        (ClientKind.Freshet, ClientEncryption.Plain) => "allowed",
        (_, ClientEncryption.Plain) => "off",
        (_, ClientEncryption.Preferred) => "tried first",
        (ClientKind.QBittorrent, ClientEncryption.Rc4Required) => "required",
        _ => "RC4 required",
    };

    private readonly record struct Row(ClientKind Kind, string Transport, ClientEncryption Theirs);
}
