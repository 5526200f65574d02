using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using AIOrleans.Core.Denials;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Objects;
using AIOrleans.Gateway.Flow;
using AIOrleans.Gateway.Flow.Steps;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.OpenAi.Files;
using AIOrleans.Providers;
using Microsoft.Extensions.Options;

namespace AIOrleans.Gateway.Objects;

/// <summary>Reads the input of a batch line by line, checks each call, sums up what they can use, and writes them with the provider's name of the model.</summary>
internal sealed class BatchInput(AuthorizeStep authorize, FileOwners owners, IOptions<GatewayOptions> options)
{
    /// <summary>OpenAI's own bound.</summary>
    private const int CallsMax = 50_000;

    private readonly int lineBytesMax = options.Value.BodyBytesMax;

    /// <summary>Writes <paramref name="input"/> to <paramref name="output"/>; null and why not, where some line is mistaken.</summary>
    public async Task<(BatchWork? Work, ProviderConfig? Provider, Denial? Denied)> RewriteAsync(Exchange exchange, Spool input, Spool output)
    {
        await using FileStream from = input.OpenRead();
        await using FileStream to = output.Create();
        PipeReader lines = PipeReader.Create(from, new StreamPipeReaderOptions(leaveOpen: true));
        var draft = new Draft(this, exchange);
        while (true)
        {
            ReadResult read = await lines.ReadAsync(exchange.Http.RequestAborted);
            ReadOnlySequence<byte> buffer = read.Buffer;
            while (TakeLine(ref buffer, read.IsCompleted) is { } line)
            {
                Denial? denial = draft.Read(line, out byte[]? renamed);
                if (denial is not null)
                {
                    return (null, null, denial);
                }

                if (renamed is not null)
                {
                    await to.WriteAsync(renamed, exchange.Http.RequestAborted);
                    to.WriteByte((byte)'\n');
                }
            }

            lines.AdvanceTo(buffer.Start, buffer.End);
            if (buffer.Length > lineBytesMax)
            {
                return (null, null, draft.Mistake($"it is longer than {lineBytesMax.ToString("N0", CultureInfo.InvariantCulture)} bytes", null, "request_too_large"));
            }

            if (read.IsCompleted)
            {
                return await CheckFilesAsync(exchange, draft.Files) is { } foreign ? (null, null, foreign) : draft.ToWork();
            }
        }
    }

    private async ValueTask<Denial?> CheckFilesAsync(Exchange exchange, IReadOnlyList<string> files)
    {
        Denial? denial = null;
        foreach (string[] some in files.Chunk(FileReferences.CountMax))
        {
            denial ??= await owners.CheckAsync(exchange, some);
        }

        return denial;
    }

    /// <summary>The next line without its end; null when there is no whole one.</summary>
    private static byte[]? TakeLine(ref ReadOnlySequence<byte> buffer, bool isLast)
    {
        if (buffer.PositionOf((byte)'\n') is { } end)
        {
            byte[] line = buffer.Slice(0, end).ToArray();
            buffer = buffer.Slice(buffer.GetPosition(1, end));
            return line;
        }

        if (!isLast || buffer.IsEmpty)
        {
            return null;
        }

        byte[] rest = buffer.ToArray();
        buffer = buffer.Slice(buffer.End);
        return rest;
    }

    /// <summary>What was read so far.</summary>
    private sealed class Draft(BatchInput owner, Exchange exchange)
    {
        private readonly HashSet<string> ids = new(StringComparer.Ordinal);
        private readonly HashSet<string> files = new(StringComparer.Ordinal);
        private RouteConfig? route;
        private string endpoint = "";
        private int number;
        private long inputTokens;
        private long outputTokens;
        private int images;

        /// <summary>Files that the calls name.</summary>
        public IReadOnlyList<string> Files => [.. files];

        /// <param name="renamed">The line for the provider; null where it is empty.</param>
        public Denial? Read(byte[] line, out byte[]? renamed)
        {
            renamed = null;
            number++;
            if (line.AsSpan().TrimStart(" \t\r"u8).IsEmpty)
            {
                return null;
            }

            (BatchLine? call, RequestMistake? mistake) = BatchLine.Read(line);
            if (call is null)
            {
                return Mistake(mistake!.Message, mistake.Param, mistake.Code); // ! One of both is null.
            }

            if (!ids.Add(call.CustomId))
            {
                return Mistake("its custom_id was used before", "custom_id", "duplicate_custom_id");
            }

            if (ids.Count > CallsMax)
            {
                return Mistake($"a batch has at most {CallsMax} calls", null, "array_above_max_length");
            }

            if ((route is null ? Begin(call) : Compare(call)) is { } denial)
            {
                return denial;
            }

            Count(call);
            files.UnionWith(FileReferences.Of(line));
            renamed = call.WithModel(route!.Model); // ! Begun with the first line.
            return null;
        }

        public (BatchWork? Work, ProviderConfig? Provider, Denial? Denied) ToWork() => route is null
            ? (null, null, Mistake("the file has no calls", "file", "empty_file"))
            : (new BatchWork(exchange.Model.Name, route.Model, endpoint, ids.Count, inputTokens, outputTokens, images), exchange.Directory.Providers[route.Provider], null);

        public Denial.Malformed Mistake(string message, string? param, string? code) =>
            new(string.Create(CultureInfo.InvariantCulture, $"Line {number} of the batch: {message}"), param, code);

        private Denial? Begin(BatchLine call)
        {
            endpoint = call.Endpoint;
            if (owner.Authorize(exchange, call.Call.Model) is { } denial)
            {
                return denial;
            }

            (route, Denial? unserved) = ObjectProviders.ChooseRoute(exchange, exchange.Model);
            return unserved;
        }

        private Denial.Malformed? Compare(BatchLine call) =>
            call.Call.Model != exchange.Model.Name
                ? Mistake($"it names the model '{call.Call.Model}', and the first line '{exchange.Model.Name}': a batch is of one model", "model", "mismatched_model")
            : call.Endpoint != endpoint
                ? Mistake($"it calls {call.Endpoint}, and the first line {endpoint}: a batch is of one endpoint", "url", "mismatched_endpoint")
            : null;

        private void Count(BatchLine call)
        {
            ModelConfig model = exchange.Model;
            (long input, long output) = HoldSizing.BoundsOf(
                call.Call.ToShape(), new ModelBounds(model.ContextTokensMax, model.OutputTokensMax, exchange.Prices, model.AudioSecondsMax));
            inputTokens = checked(inputTokens + input);
            outputTokens = checked(outputTokens + output);
            images = checked(images + call.Call.ImageCount);
        }
    }

    private Denial? Authorize(Exchange exchange, string alias) => authorize.Check(exchange, alias, ProviderFormats.KeepsObjects);
}
