import { PageHeading } from '../routing/page-heading.tsx';
import { ClinicField } from '../shell/clinic-field.tsx';
import { useWorkplace } from '../shell/workplace-context.ts';
import { CorrectFields } from './correct-fields.tsx';
import { FileField } from './file-field.tsx';
import { FormPreview } from './form-preview.tsx';
import { canCorrect } from './form-refusal.ts';
import { IntakeProblem } from './intake-problem.tsx';
import { IntakeResult } from './intake-result.tsx';
import { UploadProgress } from './upload-progress.tsx';
import { useIntake } from './use-intake.ts';

const FILE_ID = 'intake-file';

export function IntakePage() {
  const { clinic } = useWorkplace();
  const intake = useIntake();
  const uploading = intake.stage === 'uploading';
  return (
    <>
      <PageHeading title="Intake">Intake</PageHeading>
      {clinic === null ? (
        <p className="lead">You belong to no clinic yet. Ask your administrator to add you to one.</p>
      ) : intake.stage === 'stored' && intake.receipt !== undefined ? (
        <IntakeResult receipt={intake.receipt} clinicName={clinic.name} onAnother={intake.startAgain} />
      ) : (
        <>
          <p className="lead">Turn a scanned paper form into a patient record.</p>
          {intake.stage === 'failed' && (
            <IntakeProblem
              key={intake.uploadId}
              error={intake.error}
              onSendAgain={intake.form === null ? null : () => intake.send(clinic.id)}
            />
          )}
          <div className="intake">
            {intake.stage === 'failed' && canCorrect(intake.error) ? (
              <CorrectFields
                key={intake.uploadId}
                refusal={intake.error}
                typed={intake.corrections}
                onSend={(corrections) => intake.send(clinic.id, corrections)}
                onGiveUp={intake.startAgain}
              />
            ) : (
              <form
                className="intake-form panel"
                noValidate
                onSubmit={(event) => {
                  event.preventDefault();
                  if (!intake.send(clinic.id)) document.getElementById(FILE_ID)?.focus();
                }}
              >
                {uploading ? (
                  <UploadProgress sent={intake.sent} uploadId={intake.uploadId} onCancel={intake.cancel} />
                ) : (
                  <>
                    <ClinicField id="intake-clinic" hint="The new patient will belong to this clinic." />
                    <FileField
                      id={FILE_ID}
                      error={intake.fileError}
                      hasFile={intake.form !== null}
                      onFile={(file) => void intake.choose(file)}
                    />
                    <button type="submit" className="button button-primary">
                      Read and store the form
                    </button>
                  </>
                )}
              </form>
            )}
            {intake.form !== null && <FormPreview form={intake.form} />}
          </div>
        </>
      )}
    </>
  );
}
