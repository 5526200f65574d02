using AIOrleans.Contracts.Accounts;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Callers;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Management.Views;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;

namespace AIOrleans.Management.Apis;

/// <summary>What <c>POST /api/v1/explain</c> takes.</summary>
/// <param name="Key">Id of the key that would call: <c>acme.eng.k1</c>.</param>
/// <param name="Model">The alias that it would name.</param>
/// <param name="InputBytes">Size of its body. Default 1 000.</param>
/// <param name="MaxTokens">The client's bound on the output; null: none.</param>
/// <param name="ImagesMade">Images that it would ask for.</param>
/// <param name="AudioSeconds">Audio that it would send.</param>
/// <param name="Characters">Characters that it would have spoken.</param>
/// <param name="SearchUnits">Searches among its documents.</param>
internal sealed record ExplainRequest(
    string? Key, string? Model, long? InputBytes, long? MaxTokens, int? ImagesMade, int? AudioSeconds, int? Characters, int? SearchUnits)
{
    public bool IsNegative => InputBytes < 0 || MaxTokens < 1 || ImagesMade < 0 || AudioSeconds < 0 || Characters < 0 || SearchUnits < 0;

    public UsageUnits Units => new()
    {
        ImagesMade = ImagesMade ?? 0, AudioMilliseconds = (AudioSeconds ?? 0) * 1_000L, Characters = Characters ?? 0, SearchUnits = SearchUnits ?? 0,
    };
}

/// <summary>Tells which accounts, limits and holds would apply to a call, without making or holding anything.</summary>
internal static class ExplainApi
{
    private const long InputBytesDefault = 1_000;

    public static void MapExplain(this IEndpointRouteBuilder api) =>
        api.MapPost("/explain", ExplainAsync).WithSummary("Which accounts, limits and holds would apply to a call, without spending anything");

    private static async Task<IResult> ExplainAsync(ExplainRequest asked, IDirectory directory, IPrices prices, IGrainFactory grains, TimeProvider time)
    {
        DirectorySnapshot snapshot = directory.Current;
        if (asked.IsNegative)
        {
            return Problem.BadRequest("'maxTokens' must be at least 1, every other number at least 0.");
        }

        if (!snapshot.Keys.TryGetValue(asked.Key ?? "", out KeyConfig? key) || !snapshot.CallersByHash.TryGetValue(key.SecretHash, out Caller? caller))
        {
            return Problem.NotFound($"There is no key '{asked.Key}'. Its id is TENANT.ORG.KEY, e.g. 'acme.eng.k1'.");
        }

        if (!snapshot.Models.TryGetValue(asked.Model ?? "", out ModelConfig? model))
        {
            return Problem.NotFound($"There is no model '{asked.Model}'.");
        }

        DateTimeOffset now = time.GetUtcNow();
        ModelPrices inForce = prices.Current.PricesOf(model, now);
        var shape = new CallShape(
            asked.InputBytes ?? InputBytesDefault, Images: 0, ReadsMore: false, asked.MaxTokens, Choices: Math.Max(1, asked.ImagesMade ?? 1),
            Units: asked.Units, LikelyUnits: asked.Units);
        var bounds = new ModelBounds(model.ContextTokensMax, model.OutputTokensMax, inForce, model.AudioSecondsMax);
        HoldSizes sizes = HoldSizing.Of(shape, bounds, estimator: null);
        AccountView[] views = await Task.WhenAll(
            caller.PathFor(model.Name).Select(account => grains.GetGrain<IAccountGrain>(account.ToString()).ViewAsync()));
        return Results.Json(
            new
            {
                Key = key.RecordId,
                Model = model.Name,
                Refused = RefusedBecause(caller, key, model, inForce, now),
                Prices = model.Routes.Select(route => new { Deployment = $"{route.Provider}/{route.Model}", Version = inForce.Of(route)?.Version }),
                Holds = new { Strict = Size(sizes.Worst), Expected = Size(sizes.Expected) },
                Accounts = views.Select(view => AccountExplanationJson.Of(AccountLiveJson.Of(view), sizes)),
            },
            ApiJson.Options);
    }

    /// <summary>Why the call would be refused before any limit is asked; null when it would not.</summary>
    private static string? RefusedBecause(Caller caller, KeyConfig key, ModelConfig model, ModelPrices prices, DateTimeOffset now) =>
        key.Revoked ? "The key is revoked."
        : key.ExpiresAt <= now ? "The key has expired."
        : caller.Suspended is { } suspended ? $"{suspended} is suspended."
        : !caller.MayUseModel(model.Name) ? "The key may not use this model."
        : prices.Unpriced is { } route && !model.AllowUnpriced ? $"The model has no price for its deployment '{route.Provider}/{route.Model}'."
        : null;

    private static object Size(HoldSize size) => new { size.Tokens, CostUsd = size.Cost.ToUsd() };
}
